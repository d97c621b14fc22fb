@inside
Feature: Duplicates

  The broker may deliver a message twice and a publisher may repeat itself; everything takes effect once.

  Scenario Outline: <message>, delivered once more
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    And my order has an invoice of 5
    And I have been told, once each: "created, approved, ready"
    And my order has come to rest
    When <message> of my order is delivered once more
    Then nothing has changed for my order

    Examples:
      | message                            |
      | basketsapi.BasketCheckedOut        |
      | ordersapi.OrderCreated             |
      | customersapi.AuthorizeCustomer     |
      | depotapi.CreateShoppingListCommand |
      | depotapi.CreatedShoppingListReply  |
      | paymentsapi.ConfirmPayment         |
      | depotapi.InitiateShoppingCommand   |
      | ordersapi.ApproveOrder             |
      | depotapi.ShoppingListCompleted     |
      | ordersapi.OrderReadied             |

  Scenario Outline: <message>, published anew under another id
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    And my order has an invoice of 5
    And I have been told, once each: "created, approved, ready"
    And my order has come to rest
    When <message> of my order is published anew under another id
    Then nothing has changed for my order

    Examples:
      | message                        |
      | basketsapi.BasketCheckedOut    |
      | ordersapi.OrderCreated         |
      | depotapi.ShoppingListCompleted |
      | ordersapi.OrderReadied         |

  Scenario: Many at once
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And I have been told, once each: "created, approved"
    And my order has come to rest
    When ordersapi.OrderCreated of my order is delivered 20 times more at once
    Then nothing has changed for my order

  Scenario: Paying is told once and completes once
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    And my order has an invoice of 5
    And I have paid the invoice
    And I have been told, once each: "created, approved, ready, completed"
    And my order has come to rest
    When paymentsapi.InvoicePaid of my order is delivered once more
    And paymentsapi.InvoicePaid of my order is published anew under another id
    Then nothing has changed for my order
    And my payment is captured

  Scenario: An answer nobody asked for moves no saga
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And I have been told, once each: "created, approved"
    And my order has come to rest
    When a stray answer comes for the saga of my order
    Then nothing has changed for my order
