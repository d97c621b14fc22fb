Feature: Price changes

  Prices go up and down, and whoever sells hears of it.

  Background:
    Given the store "Nic & Naks" already exists
    And the store sells
      | Name | Price |
      | Hat  | 10    |

  @inside
  Scenario: A higher price
    When I increase the price of "Hat" to 12.5
    Then it is done
    And the price of "Hat" is 12.5
    And storesapi.ProductPriceIncreased was told of the product "Hat" with
      | delta | 2.5  |
      | price | 12.5 |

  @inside
  Scenario: A lower price
    When I decrease the price of "Hat" to 7.25
    Then it is done
    And the price of "Hat" is 7.25
    And storesapi.ProductPriceDecreased was told of the product "Hat" with
      | delta | -2.75 |
      | price | 7.25  |

  Scenario: New baskets sell at the new price
    Given the price of "Hat" has been increased to 11
    And the price of "Hat" has been decreased to 8.8
    Then new baskets sell "Hat" at 8.8

  Scenario: Many changes end at the last one, to the digit
    Given the price of "Hat" has been increased to 10.1
    And the price of "Hat" has been increased to 10.2
    And the price of "Hat" has been increased to 10.3
    And the price of "Hat" has been decreased to 0.3
    Then the price of "Hat" is 0.3
    And new baskets sell "Hat" at 0.3

  @inside
  Scenario: The price it has already is no news
    When I increase the price of "Hat" to 10
    And I decrease the price of "Hat" to 10
    Then it is done
    And no storesapi.ProductPriceIncreased was told of the product "Hat"
    And no storesapi.ProductPriceDecreased was told of the product "Hat"

  Scenario Outline: Cannot <change> the price to <price>
    When I <change> the price of "Hat" to <price>
    Then I am refused with status 400: "<refusal>"
    And the price of "Hat" is 10

    Examples:
      | change   | price | refusal                               |
      | increase | 9.99  | the price change would be a decrease  |
      | decrease | 10.01 | the price change would be an increase |
      | decrease | -1    | the product price cannot be negative  |

  Scenario: Cannot change the price of what is gone
    Given the product "Hat" has been removed
    When I increase the price of "Hat" to 11
    Then I am refused with status 404: "product with that ID does not exist"
