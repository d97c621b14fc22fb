Feature: Creating products

  A store owner can create products.

  Background:
    Given the store "Nic & Naks" already exists

  Scenario: Creating a product called "Wizard w/ crystal"
    Given a valid store owner
    When I create the product called "Wizard w/ crystal" with price "9.98"
    Then the product was created
