Feature: Starting baskets

  A customer can start a new basket.

  Scenario: Create a basket
    Given I am a registered customer
    When I start a new basket
    Then the basket was started

  Scenario: A new basket is open, empty and mine
    Given I am a registered customer
    When I start a new basket
    Then my basket is open
    And my basket is empty
    And the basket is mine

  @inside
  Scenario: A new basket is told of
    Given I am a registered customer
    When I start a new basket
    Then basketsapi.BasketStarted was told of my basket once

  Scenario: Cannot start a basket for nobody
    When I start a basket for the customer ""
    Then I am refused with status 400: "the customer id cannot be blank"

  Scenario: Whoever names a customer may start a basket: the customer is looked at when the order is
    When I start a basket for the customer "customer-id"
    Then the basket was started

  Scenario: Cannot look at a basket that nobody started
    When I look for the basket "nobody's"
    Then I am refused with status 404: "basket with that ID does not exist"
