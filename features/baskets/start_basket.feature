Feature: Starting baskets

  A customer can start a new basket.

  Scenario: Create a basket
    Given I am a registered customer
    When I start a new basket
    Then the basket was started
