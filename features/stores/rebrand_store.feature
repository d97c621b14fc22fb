Feature: Rebranding stores

  A store can get another name.

  Background:
    Given the store "Waldorf Books" already exists

  Scenario: A new name
    When I rebrand the store to "Statler Books"
    Then it is done
    And the store is called "Statler Books"
    And a store called "Statler Books" exists
    And no store called "Waldorf Books" exists

  Scenario: Baskets show the new name
    Given the store sells
      | Name | Price |
      | Hat  | 5     |
    When I rebrand the store to "Statler Books"
    Then new baskets call "Hat" "Hat" of "Statler Books"

  Scenario: Cannot rebrand to nothing
    When I rebrand the store to ""
    Then I am refused with status 400: "the store name cannot be blank"
    And the store is called "Waldorf Books"

  Scenario: Cannot rebrand a store nobody has created
    When I rebrand the store with the id "no store"
    Then I am refused with status 404: "store with that ID does not exist"
