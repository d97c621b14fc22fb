Feature: Adding items

  A customer who has a basket can add items.

  Background:
    Given I am a registered customer
    And I have started a new basket

  Scenario: Adding items
    Given a store has the following items
      | Name              | Price |
      | Wizard w/ crystal | 9.99  |
    When I add the items
      | Name              | Quantity |
      | Wizard w/ crystal | 10       |
    Then the items were added

  Scenario: Cannot add items that do not exist
    When I add the items
      | Name              | Quantity |
      | Wizard w/ crystal | 10       |
    Then I receive a "product fallback failed: product was not located" error

  Scenario: The basket shows what was added, in the order of the first adding
    Given a store has the following items
      | Name              | Price |
      | Wizard w/ crystal | 9.99  |
      | Hat               | 0.10  |
      | Cat               | 120   |
    When I add the items
      | Name              | Quantity |
      | Hat               | 3        |
      | Wizard w/ crystal | 1        |
      | Cat               | 2        |
      | Hat               | 4        |
    Then the items were added
    And my basket holds
      | Name              | Price | Quantity |
      | Hat               | 0.10  | 7        |
      | Wizard w/ crystal | 9.99  | 1        |
      | Cat               | 120   | 2        |

  Scenario: Products of stores that do not take part can be bought
    Given the store "Quiet Books" already exists
    And the store sells
      | Name | Price |
      | Hat  | 5     |
    When I add 1 "Hat"
    Then the items were added

  Scenario Outline: Cannot add <quantity> pieces
    Given a store has the following items
      | Name | Price |
      | Hat  | 5     |
    When I add <quantity> "Hat"
    Then I am refused with status 400: "<refusal>"
    And my basket is empty

    Examples:
      | quantity | refusal                                      |
      | -1       | the item quantity cannot be negative         |
      | 0        | the item quantity cannot be zero             |
      | 10001    | the item quantity cannot be more than 10000  |

  Scenario: Cannot hold more pieces than the most, added bit by bit
    Given a store has the following items
      | Name | Price |
      | Hat  | 0.01  |
    And I have added the items
      | Name | Quantity |
      | Hat  | 9999     |
    When I add 2 "Hat"
    Then I receive a "the item quantity cannot be more than 10000" error
    And my basket holds
      | Name | Price | Quantity |
      | Hat  | 0.01  | 9999     |

  Scenario: Cannot hold more than can be paid
    Given a store has the following items
      | Name   | Price         |
      | Castle | 99999999.9999 |
    And I have added the items
      | Name   | Quantity |
      | Castle | 1        |
    When I add 1 "Castle"
    Then I receive a "the basket total cannot be more than" error

  Scenario: Adding again takes the price of that moment for all pieces
    Given a store has the following items
      | Name | Price |
      | Hat  | 5     |
    And I have added the items
      | Name | Quantity |
      | Hat  | 1        |
    And the price of "Hat" has been increased to 7.5
    And new baskets sell "Hat" at 7.5
    When I add 1 "Hat"
    Then my basket holds
      | Name | Price | Quantity |
      | Hat  | 7.5   | 2        |

  Scenario: Cannot add to a basket that was cancelled
    Given a store has the following items
      | Name | Price |
      | Hat  | 5     |
    And I have cancelled my basket
    When I add 1 "Hat"
    Then I receive a "the basket cannot be modified" error

  Scenario: Cannot add to a basket that nobody started
    When a client sends PUT /api/baskets/nobody's/addItem with {"productId": "p", "quantity": 1}
    Then I am refused with status 404: "basket with that ID does not exist"
