@lab
Feature: Restarts

  A mall that is stopped, or crashes, in the middle of its work goes on where it was when it comes back.

  Scenario Outline: <how> while a saga waits for <whom>
    Given nothing reaches "<consumer>"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the saga of my order waits for <step>
    When the mall <how>
    And the mall comes back
    Then the saga of my order still waits
    When "<consumer>" is reached again
    Then my order becomes approved
    And there is one saga for my order, and it is completed
    And my payment is confirmed
    And the shopping list of my order is available
    And I have been told, once each: "created, approved"

    Examples:
      | how        | whom     | consumer          | step                 |
      | crashes    | depot    | depot-commands    | create shopping list |
      | is stopped | payments | payment-commands  | confirm payment      |

  Scenario: A crash in the middle of a step does the step again
    Given nobody can use the table depot.shopping_lists
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the saga of my order waits for create shopping list
    And the table depot.shopping_lists is waited for
    When the mall crashes
    And the table depot.shopping_lists can be used again
    And the mall comes back
    Then my order becomes approved
    And the depot has made a shopping list for my order, which is available
    And depotapi.CreateShoppingListCommand has been sent 1 times for my order

  Scenario: A crash right after the checkout loses nothing
    Given I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    When the mall crashes
    And the mall comes back
    Then my order becomes approved
    And because of this order these messages were published, one after the other
      | basketsapi.BasketCheckedOut |
      | ordersapi.OrderCreated      |
    And there is one saga for my order, and it is completed

  Scenario: What was done before is there after
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And I have been told, once each: "created, approved"
    And my order has come to rest
    When the mall is stopped
    And the mall comes back
    Then nothing changes for my order
    And my basket is checked out
    And my order comes to 10
