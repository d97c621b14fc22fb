@lab
Feature: Traces

  One trace leads from a checkout through every message to the approved order.

  Scenario: From the checkout to the approval
    Given I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And my order becomes approved
    And I have been told, once each: "created, approved"
    Then the trace of my order has, one after the other
      | Context   | Work                                      |
      | gateway   | PUT /api/baskets/{id}/checkout            |
      | baskets   | basketspb.BasketService/CheckoutBasket    |
      | ordering  | process basketsapi.BasketCheckedOut       |
      | cosec     | process ordersapi.OrderCreated            |
      | customers | process customersapi.AuthorizeCustomer    |
      | depot     | process depotapi.CreateShoppingListCommand |
      | cosec     | process depotapi.CreatedShoppingListReply |
      | payments  | process paymentsapi.ConfirmPayment        |
      | depot     | process depotapi.InitiateShoppingCommand  |
      | ordering  | process ordersapi.ApproveOrder            |
      | search    | process ordersapi.OrderApproved           |
    And the trace of my order knows the order, and that nothing failed

  Scenario: A rejected order's trace has its way back
    Given I have a basket of 2 "Hat" at 5
    And I have authorised a payment of 1
    And I have checked out my basket
    And my order becomes rejected
    Then the trace of my order has, one after the other
      | Context  | Work                                       |
      | gateway  | PUT /api/baskets/{id}/checkout             |
      | ordering | process basketsapi.BasketCheckedOut        |
      | payments | process paymentsapi.ConfirmPayment         |
      | cosec    | process am.Failure                         |
      | depot    | process depotapi.CancelShoppingListCommand |
      | ordering | process ordersapi.RejectOrder              |
      | search   | process ordersapi.OrderRejected            |
