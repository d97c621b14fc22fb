Feature: Checking out baskets

  A customer who has filled a basket and authorised a payment checks out, and an order comes of it.

  Background:
    Given I am a registered customer
    And a store has the following items
      | Name              | Price |
      | Wizard w/ crystal | 9.99  |
      | Hat               | 0.10  |
    And I have started a new basket

  Scenario: Checking out makes an order of what is in the basket
    Given I have added the items
      | Name              | Quantity |
      | Hat               | 3        |
      | Wizard w/ crystal | 2        |
    And I have authorised a payment for my basket
    When I check out my basket
    Then it is done
    And my basket is checked out
    And my order becomes approved
    And my order is mine, with my payment
    And my order comes to 20.28
    And my order holds
      | Name              | Price | Quantity |
      | Hat               | 0.10  | 3        |
      | Wizard w/ crystal | 9.99  | 2        |

  @inside
  Scenario: Checking out is told of once
    Given I have added the items
      | Name | Quantity |
      | Hat  | 1        |
    And I have authorised a payment for my basket
    When I check out my basket
    Then basketsapi.BasketCheckedOut was told of my basket once
    And my order becomes approved

  Scenario: The checkout is at the prices the basket shows
    Given I have added the items
      | Name | Quantity |
      | Hat  | 10       |
    And I have authorised a payment for my basket
    And the price of "Hat" has been increased to 50
    And new baskets sell "Hat" at 50
    When I check out my basket
    Then my order becomes approved
    And my order comes to 1

  Scenario: Cannot check out an empty basket
    When I check out with the payment "any"
    Then I am refused with status 400: "baskets checkout: the basket has no items"

  Scenario: Cannot check out without a payment
    Given I have added the items
      | Name | Quantity |
      | Hat  | 1        |
    When I check out with the payment ""
    Then I am refused with status 400: "baskets checkout: the payment id cannot be blank"
    And my basket is open

  Scenario: Cannot check out twice
    Given I have added the items
      | Name | Quantity |
      | Hat  | 1        |
    And I have authorised a payment for my basket
    And I have checked out my basket
    When I check out my basket
    Then I receive a "baskets checkout: the basket cannot be modified" error
    And my order becomes approved

  @inside
  Scenario: Cannot check out what has left its store
    Given I have added the items
      | Name | Quantity |
      | Hat  | 1        |
    And I have authorised a payment for my basket
    And the product "Hat" has been removed
    And baskets have heard that "Hat" is gone
    When I check out my basket
    Then I am refused with status 400: 'baskets checkout: the product "Hat" is no longer sold'
    And my basket is open
