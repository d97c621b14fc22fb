@strict
Feature: Strict rules

  A mall can be told to refuse what the original let pass.

  Background:
    Given I am a registered customer
    And the store "Waldorf Books" already exists
    And the store sells
      | Name | Price |
      | Hat  | 5     |

  Scenario: Stores that do not take part sell nothing
    Given I have started a new basket
    When I add 1 "Hat"
    Then I am refused with status 400: 'the store "Waldorf Books" does not take part'

  Scenario: Stores that take part sell as always
    Given I let the store take part
    And I have started a new basket
    And baskets have heard that the store takes part
    And I have added the items
      | Name | Quantity |
      | Hat  | 2        |
    And I have authorised a payment for my basket
    When I check out my basket
    Then my order becomes approved

  Scenario: Nobody unknown starts a basket
    When I start a basket for the customer "1f8a4b9e-5a0c-4f63-9d0e-3f1f6f0f9f11"
    Then I am refused with status 404: "customer with that ID does not exist"

  Scenario: Ids are UUIDs
    When I look for the basket "basket-id"
    Then I am refused with status 400: "id is no UUID"

  Scenario: Products have a SKU
    When I create a product called "Cat" with price "120"
    Then I am refused with status 400: "the product SKU cannot be blank"

  Scenario: A SKU is used once in a store
    Given I create a product with
      | Name  | Cat |
      | Price | 1   |
      | SKU   | c-1 |
    When I create a product with
      | Name  | Dog |
      | Price | 1   |
      | SKU   | c-1 |
    Then I am refused with status 409: "the store has a product with that SKU"
