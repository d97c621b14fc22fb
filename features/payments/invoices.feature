Feature: Invoices

  An order that is ready is invoiced; paying the invoice takes the money and completes the order.

  Scenario: An invoice is paid once
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5.25  | 2        |
    And the depot has collected my order
    And my order has an invoice of 10.5
    And I have paid the invoice
    When I pay the invoice
    Then I am refused with status 400: "invoice cannot be paid for"
    And my order becomes completed

  Scenario: The invoice is of what the order comes to, not of what was authorised
    Given I have a basket of 2 "Hat" at 5
    And I have authorised a payment of 100
    And I have checked out my basket
    And my order becomes approved
    And the depot has collected my order
    Then my order has an invoice of 10

  @grpc
  Scenario: An invoice can be adjusted until it is paid
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the depot has collected my order
    And my order has an invoice of 10
    When the invoice is adjusted to 7.5
    Then it is done
    And the invoice is of 7.5
    When the invoice is adjusted to 10
    And I pay the invoice
    Then my order becomes completed
    When the invoice is adjusted to 1
    Then I am refused with status 400: "invoice cannot be adjusted"

  @grpc
  Scenario: An invoice for more than is held cannot be paid
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the depot has collected my order
    And my order has an invoice of 10
    And the invoice is adjusted to 10.01
    When I pay the invoice
    Then I am refused with status 400: "payment does not cover the invoice"
    And the invoice is pending
    And my payment is confirmed
    When the invoice is adjusted to 10
    And I pay the invoice
    Then it is done
    And my order becomes completed

  @grpc
  Scenario: An invoice by hand
    When an invoice of 3 is made by hand for the order "by hand"
    Then it is done
    And the invoice is pending
    And the invoice is of 3
    When somebody cancels the invoice
    Then the invoice is canceled
    When I pay the invoice
    Then I am refused with status 400: "invoice cannot be paid for"

  @grpc
  Scenario: An invoice is canceled once
    Given an invoice of 3 is made by hand for the order "by hand"
    And somebody cancels the invoice
    When somebody cancels the invoice
    Then I am refused with status 400: "invoice cannot be canceled"

  @grpc
  Scenario: An order has one invoice
    Given an invoice of 3 is made by hand for the order "by hand"
    When an invoice of 4 is made by hand for the order "by hand"
    Then I am refused with status 409: "the order has an invoice already"

  @grpc
  Scenario Outline: Cannot make an invoice of <amount> for the order "<order>"
    When an invoice of <amount> is made by hand for the order "<order>"
    Then I am refused with status 400: "<refusal>"

    Examples:
      | amount | order   | refusal                              |
      | -1     | by hand | the invoice amount cannot be negative |
      | 1      |         | the order id cannot be blank          |

  Scenario: Cannot pay an invoice nobody has made
    When I pay the invoice "no invoice"
    Then I am refused with status 404: "invoice with that ID does not exist"
