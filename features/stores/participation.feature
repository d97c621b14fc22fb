Feature: Participation

  Stores take part in the automated shopping, or do not.

  Background:
    Given the store "Waldorf Books" already exists

  Scenario: Taking part
    When I let the store take part
    Then it is done
    And the store takes part
    And "Waldorf Books" is among the participating stores

  Scenario: Withdrawing
    Given the store "Statler Books" takes part
    When I withdraw the store
    Then it is done
    And the store does not take part
    And "Statler Books" is not among the participating stores

  Scenario: A store that does not take part is not among those that do
    Then "Waldorf Books" is not among the participating stores

  Scenario: Cannot take part twice
    Given the store "Statler Books" takes part
    When I let the store take part
    Then I am refused with status 400: "the store is already participating"

  Scenario: Cannot withdraw what does not take part
    When I withdraw the store
    Then I am refused with status 400: "the store is already not participating"

  Scenario: Cannot let a store take part that nobody has created
    When a client sends PUT /api/stores/nowhere/participating with {}
    Then I am refused with status 404: "store with that ID does not exist"
