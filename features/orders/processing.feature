Feature: Processing orders

  An order that is checked out is approved once the customer is authorized, the depot has a shopping list and the
  payment is confirmed; then it is collected, invoiced, paid and completed.

  Background:
    Given I am a registered customer

  Scenario: An order is approved within two seconds
    Given I have ordered
      | Name              | Price | Quantity |
      | Wizard w/ crystal | 9.99  | 1        |
    Then my order becomes approved within 2 seconds
    And my payment is confirmed
    And my payment is held for my order
    And the shopping list of my order is available

  Scenario: A payment of more than the order comes to will do
    Given I have a basket of 2 "Hat" at 5
    And I have authorised a payment of 100
    When I check out my basket
    Then my order becomes approved
    And my payment is of 100

  @inside
  Scenario: What follows from a checkout, each exactly once
    Given I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    Then my order becomes approved within 2 seconds
    And because of this order these messages were published, each exactly once
      | basketsapi.BasketCheckedOut        |
      | ordersapi.OrderCreated             |
      | customersapi.AuthorizeCustomer     |
      | depotapi.CreateShoppingListCommand |
      | depotapi.CreatedShoppingListReply  |
      | paymentsapi.ConfirmPayment         |
      | depotapi.InitiateShoppingCommand   |
      | ordersapi.ApproveOrder             |
      | ordersapi.OrderApproved            |
      | am.Success                         |
      | am.Success                         |
      | am.Success                         |
      | am.Success                         |
    And because of this order no am.Failure was published
    And there is one saga for my order, and it is completed

  @inside
  Scenario: One step after the other
    Given I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    Then my order becomes approved
    And because of this order these messages were published, one after the other
      | basketsapi.BasketCheckedOut        |
      | ordersapi.OrderCreated             |
      | customersapi.AuthorizeCustomer     |
      | depotapi.CreateShoppingListCommand |
      | depotapi.CreatedShoppingListReply  |
      | paymentsapi.ConfirmPayment         |
      | depotapi.InitiateShoppingCommand   |
      | ordersapi.ApproveOrder             |

  @inside
  Scenario: The approval can be traced back to the checkout, message by message
    Given I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    Then my order becomes approved
    And ordersapi.OrderApproved came of these causes, the last one first
      | ordersapi.ApproveOrder             |
      | am.Success                         |
      | depotapi.InitiateShoppingCommand   |
      | am.Success                         |
      | paymentsapi.ConfirmPayment         |
      | depotapi.CreatedShoppingListReply  |
      | depotapi.CreateShoppingListCommand |
      | am.Success                         |
      | customersapi.AuthorizeCustomer     |
      | ordersapi.OrderCreated             |
      | basketsapi.BasketCheckedOut        |
    And all messages of this order are of the trace of my checkout

  Scenario: Collected: the order is ready and has an invoice
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5.25  | 2        |
    When the depot assigns my order to the bot "bot"
    And the depot completes my order
    Then my order becomes ready
    And my order has an invoice of 10.5
    And the invoice is pending
    And my payment is confirmed

  Scenario: Paid: the order is completed and the money is taken
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5.25  | 2        |
    And the depot has collected my order
    And my order has an invoice of 10.5
    When I pay the invoice
    Then it is done
    And my order becomes completed
    And my payment is captured
    And the invoice is paid

  @inside
  Scenario: The order tells of its whole life, in order
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    And my order has an invoice of 5
    And I have paid the invoice
    Then my order becomes completed
    And about this order was published, in this order
      | ordersapi.OrderCreated   |
      | ordersapi.OrderApproved  |
      | ordersapi.OrderReadied   |
      | ordersapi.OrderCompleted |

  @grpc
  Scenario: Cannot ready what is not approved
    Given I have authorised a payment of 5
    And I order by hand
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And my order becomes rejected
    When somebody readies my order by hand
    Then I am refused with status 400: "the order cannot be readied"

  @grpc
  Scenario: Cannot complete what is not ready
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When somebody completes my order by hand with the invoice "invoice"
    Then I am refused with status 400: "the order cannot be completed"
    And my order is approved

  @grpc
  Scenario: Cannot complete without an invoice
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    When somebody completes my order by hand with the invoice ""
    Then I am refused with status 400: "the invoice id cannot be blank"
    And my order is ready

  @grpc
  Scenario: Readying again is no news
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    When somebody readies my order by hand
    Then it is done
    And my order is ready

  Scenario: Cannot look at an order nobody has placed
    When I look for the order "no order"
    Then I am refused with status 404: "order with that ID does not exist"
