@guarded
Feature: Tokens

  A mall that asks its callers for tokens lets each do what is theirs.

  Background:
    Given I register as "Guarded Customer"
    And I call as service "the features"
    And another customer of the mall called "Somebody else"
    And I call as myself

  Scenario: Customers see their own record
    When I look at my record
    Then it is done

  Scenario: Customers do not see the records of others
    When I look at the record of "Somebody else"
    Then I am refused with status 403: ""

  Scenario: Without a token one sees no record
    Given I call as somebody without a token
    When I look at my record
    Then I am refused with status 401: "this needs a token"

  Scenario: A token signed by somebody else is none
    Given my token is signed by somebody else
    When I look at my record
    Then I am refused with status 401: "the token is not valid"

  Scenario: A token that has expired is none
    Given my token has expired
    When I look at my record
    Then I am refused with status 401: "the token has expired"

  Scenario: Shoppers do not open stores
    When I create a store called "Waldorf Books"
    Then I am refused with status 403: ""

  Scenario: Store owners open stores
    Given I call as store-owner "owner"
    When I create a store called "Waldorf Books"
    Then the store was created

  Scenario: Anybody may look at the stores
    Given I call as store-owner "owner"
    And the store "Waldorf Books" already exists
    And I call as somebody without a token
    Then a store called "Waldorf Books" exists

  Scenario: The depot is not for shoppers
    When a client sends GET /api/depot/shopping
    Then I am refused with status 403: ""

  Scenario: A basket is its customer's
    Given I have started a new basket
    When I look at my basket
    Then it is done
    Given I call as customer "somebody else"
    When I look at my basket
    Then I am refused with status 403: ""

  Scenario: A purchase with the tokens of those who do it
    Given I call as store-owner "owner"
    And a store has the following items
      | Name | Price |
      | Hat  | 5     |
    And I call as myself
    And I have a basket with
      | Name | Quantity |
      | Hat  | 2        |
    And I have authorised a payment for my basket
    When I check out my basket
    Then my order becomes approved
    Given I call as depot "depot"
    And I call as service "the features"
    And the depot has collected my order
    And I call as myself
    And my order has an invoice of 10
    When I pay the invoice
    Then my order becomes completed
