Feature: Cancelled orders

  A customer may cancel an order that is not approved yet. Whatever its saga has done by then is undone, and it is never
  approved. What is approved can be cancelled no more.

  @lab
  Scenario Outline: Cancelling while the saga waits for <whom>
    Given nothing reaches "<consumer>"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the saga of my order waits for <step>
    When I cancel my order
    Then it is done
    And my order is cancelled
    When "<consumer>" is reached again
    Then all that was done for my order is undone
    And my order is cancelled
    And my payment becomes released
    And <list>
    And search shows my order as "Canceled"
    And because of this order no ordersapi.OrderApproved was published

    Examples:
      | whom      | consumer          | step                 | list                                                            |
      | customers | customer-commands | authorize customer   | the depot has made no shopping list for my order                |
      | depot     | depot-commands    | create shopping list | the depot has made a shopping list for my order, which is canceled |
      | payments  | payment-commands  | confirm payment      | the depot has made a shopping list for my order, which is canceled |

  @lab
  Scenario: Cancelling while the saga waits for ordering itself
    Given nothing reaches "ordering-commands"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the saga of my order waits for approve order
    And my payment is confirmed
    When I cancel my order
    Then it is done
    When "ordering-commands" is reached again
    Then all that was done for my order is undone
    And my order is cancelled
    And my payment becomes released
    And the depot has made a shopping list for my order, which is canceled

  Scenario: Cannot cancel what is approved
    Given I am a registered customer
    And I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When I cancel my order
    Then I am refused with status 400: "the order cannot be cancelled"
    And my order is approved

  Scenario: Cannot cancel what is ready
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    When I cancel my order
    Then I am refused with status 400: "the order cannot be cancelled"

  @lab
  Scenario: Cannot cancel twice
    Given nothing reaches "customer-commands"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the saga of my order waits for authorize customer
    And I cancel my order
    When I cancel my order
    Then I am refused with status 400: "the order cannot be cancelled"

  Scenario: Cannot cancel an order nobody has placed
    When I cancel the order "no order"
    Then I am refused with status 404: "order with that ID does not exist"
