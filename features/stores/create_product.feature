Feature: Creating products

  A store owner can create products.

  Background:
    Given the store "Nic & Naks" already exists

  Scenario: Creating a product called "Wizard w/ crystal"
    Given a valid store owner
    When I create the product called "Wizard w/ crystal" with price "9.98"
    Then the product was created

  Scenario: A new product is in the catalogue of its store
    Given no product called "Hat" exists
    When I create a product with
      | Name        | Hat         |
      | Price       | 0.1234      |
      | Description | It fits all |
      | SKU         | hat-1       |
    Then a product called "Hat" exists
    And the product "Hat" is described as
      | Description | It fits all |
      | SKU         | hat-1       |
      | Price       | 0.1234      |

  @inside
  Scenario: A new product is told of
    When I create the product called "Hat" with price "9.98"
    Then storesapi.ProductAdded was told of the product "Hat" with
      | price | 9.98 |

  Scenario: The catalogue is in the order of names
    Given the store sells
      | Name  | Price |
      | Wand  | 3     |
      | Cape  | 1     |
      | Broom | 2     |
    Then the catalogue of the store lists
      | Name  | Price |
      | Broom | 2     |
      | Cape  | 1     |
      | Wand  | 3     |

  Scenario Outline: Cannot create a product called "<name>" at <price>
    When I create a product called "<name>" with price "<price>"
    Then I am refused with status 400: "<refusal>"

    Examples:
      | name | price     | refusal                                                        |
      |      | 1         | initializing product: the product name cannot be blank         |
      | Hat  | -0.01     | initializing product: the product price cannot be negative     |
      | Hat  | 0.12345   | the product price has more than four decimals                  |
      | Hat  | 100000000 | the product price is beyond                                    |

  Scenario: Products may be free and without a SKU
    When I create a product with
      | Name  | Hat |
      | Price | 0   |
    Then the product was created
    And the price of "Hat" is 0

  Scenario: Cannot create a product in a store nobody has created
    When I create a product called "Hat" in the store with the id "no store"
    Then I am refused with status 404: "store with that ID does not exist"
