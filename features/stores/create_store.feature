Feature: Creating stores

  A store owner can create stores.

  Scenario: Creating a store called "Waldorf Books"
    Given a valid store owner
    And no store called "Waldorf Books" exists
    When I create the store called "Waldorf Books"
    Then the store was created

  Scenario: Cannot create stores without a name
    Given a valid store owner
    When I create a store called ""
    Then I receive a "the store name cannot be blank" error

  Scenario: A new store is listed and does not take part yet
    When I create a store called "Waldorf Books" at "the first floor"
    Then a store called "Waldorf Books" exists
    And the store is called "Waldorf Books"
    And the store is at "the first floor"
    And the store does not take part

  Scenario: Cannot create stores that are nowhere
    When I create a store called "Waldorf Books" at ""
    Then I am refused with status 400: "the store location cannot be blank"
    And no store called "Waldorf Books" exists

  Scenario: Cannot look at a store nobody has created
    When I look for the store "no store"
    Then I am refused with status 404: "store with that ID does not exist"
