Feature: Orders by hand

  An order can be placed without a basket; what it says is not to be trusted.

  Background:
    Given I am a registered customer

  Scenario: An order for what is on sale is approved
    Given a store has the following items
      | Name | Price |
      | Hat  | 5     |
    And I have authorised a payment of 10
    When I order by hand
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    Then my order becomes approved
    And my order comes to 10

  Scenario Outline: Cannot order <quantity> at <price>
    Given I have authorised a payment of 10
    When I order by hand
      | Name | Price   | Quantity   |
      | Hat  | <price> | <quantity> |
    Then I am refused with status 400: "create order command: <refusal>"

    Examples:
      | price | quantity | refusal                                     |
      | 5     | -1       | the item quantity cannot be negative        |
      | 5     | 0        | the item quantity cannot be zero            |
      | 5     | 10001    | the item quantity cannot be more than 10000 |
      | -5    | 1        | the item price cannot be negative           |

  Scenario: Cannot order nothing
    Given I have authorised a payment of 10
    When I order nothing by hand
    Then I am refused with status 400: "create order command: the order has no items"

  Scenario: Cannot order for nobody
    When somebody orders by hand for the customer ""
    Then I am refused with status 400: "create order command: the customer id cannot be blank"

  Scenario: Cannot order without a payment
    When I order by hand with the payment ""
    Then I am refused with status 400: "create order command: the payment id cannot be blank"
