Feature: Rejected orders

  An order that cannot be approved is rejected with the reason, and what was done for it is undone.

  Background:
    Given I am a registered customer
    And a store has the following items
      | Name | Price |
      | Hat  | 5     |

  @inside
  Scenario: A disabled customer: rejected before anything is done
    Given I have a basket with
      | Name | Quantity |
      | Hat  | 2        |
    And I have authorised a payment for my basket
    And the mall has disabled me
    When I check out my basket
    Then my order is rejected because "customer is not authorized"
    And my payment is authorized
    And the depot has made no shopping list for my order
    And because of this order these messages were published, one after the other
      | ordersapi.OrderCreated         |
      | customersapi.AuthorizeCustomer |
      | am.Failure                     |
      | ordersapi.RejectOrder          |
    And search shows my order as "Rejected"

  @inside
  Scenario: A customer nobody has registered
    When somebody orders by hand for the customer "nobody"
    Then my order is rejected because "customer with that ID does not exist"
    And the depot has made no shopping list for my order

  @inside
  Scenario: A product nobody sells: no shopping list is made
    Given I have authorised a payment of 5
    When I order by hand
      | Name    | Price | Quantity |
      | Unicorn | 5     | 1        |
    Then my order is rejected because "building shopping list: product fallback failed"
    And my payment is authorized
    And the depot has made no shopping list for my order

  @inside
  Scenario Outline: <case>: the shopping list is canceled
    Given I have a basket with
      | Name | Quantity |
      | Hat  | 2        |
    And <given>
    When I check out my basket
    Then my order is rejected because "<reason>"
    And the depot has made a shopping list for my order, which is canceled
    And my payment is authorized
    And because of this order these messages were published, one after the other
      | paymentsapi.ConfirmPayment         |
      | am.Failure                         |
      | depotapi.CancelShoppingListCommand |
      | ordersapi.RejectOrder              |
      | ordersapi.OrderRejected            |

    Examples:
      | case                       | given                                                                               | reason                                   |
      | A payment of too little    | I have authorised a payment of 9.99                                                 | payment does not cover the order total   |
      | Somebody else's payment    | somebody else has authorised a payment of 10 | payment belongs to another customer      |

  @inside
  Scenario: A payment nobody has authorised
    Given I have a basket with
      | Name | Quantity |
      | Hat  | 2        |
    When I check out with the payment "no payment"
    Then my order is rejected because "payment cannot be confirmed"
    And the depot has made a shopping list for my order, which is canceled

  @inside
  Scenario: One payment pays one order
    Given I have a basket with
      | Name | Quantity |
      | Hat  | 2        |
    And I have authorised a payment of 100
    And I have checked out my basket
    And my order becomes approved
    And I have a basket with
      | Name | Quantity |
      | Hat  | 2        |
    When I check out my basket
    Then my order is rejected because "payment is confirmed for another order"
    And the depot has made a shopping list for my order, which is canceled
    And my payment is confirmed

  @inside
  Scenario: What follows from a rejection, each exactly once
    Given I have a basket with
      | Name | Quantity |
      | Hat  | 2        |
    And I have authorised a payment of 1
    When I check out my basket
    Then my order is rejected because "payment does not cover the order total"
    And because of this order these messages were published, each exactly once
      | ordersapi.OrderCreated             |
      | paymentsapi.ConfirmPayment         |
      | am.Failure                         |
      | depotapi.CancelShoppingListCommand |
      | ordersapi.RejectOrder              |
      | ordersapi.OrderRejected            |
    And because of this order no ordersapi.ApproveOrder was published
    And about this order was published, in this order
      | ordersapi.OrderCreated  |
      | ordersapi.OrderRejected |
    And there is one saga for my order, and it is compensated

  Scenario: A rejected order cannot be cancelled
    Given I have a basket with
      | Name | Quantity |
      | Hat  | 2        |
    And I have authorised a payment of 1
    And I have checked out my basket
    And my order becomes rejected
    When I cancel my order
    Then I am refused with status 400: "the order cannot be cancelled"
