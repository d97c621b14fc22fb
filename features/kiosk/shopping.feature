Feature: Kiosk Shopping

  A customer at a kiosk fills a basket from several stores, pays, and later picks everything up.

  Scenario: From the kiosk to the pickup
    Given I register as "Kiosk Customer"
    And the store "Waldorf Books" takes part
    And the store sells
      | Name              | Price |
      | Wizard w/ crystal | 9.99  |
    And the store "Nic & Naks" takes part
    And the store sells
      | Name | Price |
      | Hat  | 0.10  |
    And I have started a new basket
    And I have added the items
      | Name              | Quantity |
      | Wizard w/ crystal | 2        |
      | Hat               | 3        |
    And I have authorised a payment for my basket
    When I check out my basket
    Then my order becomes approved
    And my payment is confirmed
    And the shopping list of my order is available
    And the shopping list has the stops
      | Store         | Name              | Quantity |
      | Waldorf Books | Wizard w/ crystal | 2        |
      | Nic & Naks    | Hat               | 3        |
    When the depot assigns my order to the bot "bot 7"
    And the depot completes my order
    Then my order becomes ready
    And my order has an invoice of 20.28
    When I pay the invoice
    Then my order becomes completed
    And my order names its shopping list and its invoice
    And my payment is captured
    And the invoice is paid
    And search shows my order as "Completed"

  Scenario: A customer changes their mind at the kiosk
    Given I register as "Kiosk Customer"
    And a store has the following items
      | Name              | Price |
      | Wizard w/ crystal | 9.99  |
      | Hat               | 0.10  |
    And I have started a new basket
    And I have added the items
      | Name              | Quantity |
      | Wizard w/ crystal | 2        |
      | Hat               | 1        |
    When I take out 2 "Wizard w/ crystal"
    And I add 4 "Hat"
    Then my basket holds
      | Name | Price | Quantity |
      | Hat  | 0.10  | 5        |
    When I cancel my basket
    Then my basket is empty

  Scenario: One customer with two baskets has two orders
    Given I am a registered customer
    And I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    Then my order comes to 10

  Scenario: Cents that doubles cannot hold are paid to the digit
    Given I am a registered customer
    And I have ordered
      | Name   | Price  | Quantity |
      | Tenth  | 0.1    | 3        |
      | Fifth  | 0.2    | 1        |
      | Grain  | 0.0001 | 7        |
    Then my order becomes approved
    And my order comes to 0.5007
