@lab
Feature: Redelivery

  What cannot be handled now is handled later, once; what waits is not lost.

  Scenario: A context that is out of order for a while catches up
    Given the table notifications.notifications is away
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And my order becomes approved
    When "notification-orders" has failed at it
    And the table notifications.notifications is back
    Then I have been told, once each: "created, approved"

  Scenario: A read model that is out of order for a while catches up, in order
    Given the table search.orders is away
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And my order becomes approved
    When "search-orders" has failed at it
    And the table search.orders is back
    Then search shows my order as "Approved"

  Scenario: A slow table delays an order and nothing else
    Given nobody can use the table payments.payments
    And I have a basket of 2 "Hat" at 5
    When the table payments.payments can be used again
    And I have authorised a payment of 10
    And nobody can use the table depot.shopping_lists
    And I have checked out my basket
    And the saga of my order waits for create shopping list
    And the table depot.shopping_lists can be used again
    Then my order becomes approved
    And depotapi.CreateShoppingListCommand has been sent 1 times for my order

  Scenario Outline: Messages for <consumer> wait for it
    Given nothing reaches "<consumer>"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the saga of my order waits for <step>
    When "<consumer>" is reached again
    Then my order becomes approved
    And there is one saga for my order, and it is completed

    Examples:
      | consumer          | step                 |
      | customer-commands | authorize customer   |
      | depot-commands    | create shopping list |
      | payment-commands  | confirm payment      |
      | ordering-commands | approve order        |
      | cosec-replies     | authorize customer   |

  Scenario: A command that is sent twice moves the saga once
    Given nothing reaches "customer-commands"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the saga of my order waits for authorize customer
    When somebody has the command of the saga sent again
    Then customersapi.AuthorizeCustomer has been sent 2 times for my order
    When "customer-commands" is reached again
    Then my order becomes approved
    And depotapi.CreateShoppingListCommand has been sent 1 times for my order
    And ordersapi.ApproveOrder has been sent 1 times for my order

  Scenario: Somebody turns a saga back by hand
    Given nothing reaches "payment-commands"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the saga of my order waits for confirm payment
    When somebody turns the saga back, since "the shop is closed"
    And "payment-commands" is reached again
    Then my order is rejected because "the shop is closed"
    And my payment becomes released
    And the depot has made a shopping list for my order, which is canceled

  Scenario: A saga that nobody answers undoes its order, asks for attention in the end, and goes on when somebody is there
    Given nothing reaches "depot-commands"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the saga of my order waits for create shopping list
    When the saga of my order waits in vain until it needs attention
    Then the saga needs attention, since "undoing create shopping list failed: not answered"
    And depotapi.CreateShoppingListCommand has been sent 4 times for my order
    And depotapi.CancelShoppingListCommand has been sent 10 times for my order
    And my order is pending
    When "depot-commands" is reached again
    And somebody has the command of the saga sent again
    Then my order is rejected because "create shopping list was not answered"
    And there is one saga for my order, and it is compensated
    And the depot has made a shopping list for my order, which is canceled
    And my payment is authorized
    And I have been told, once each: "created, rejected"
