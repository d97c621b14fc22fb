Feature: Changing the SMS number

  A customer who has another phone says so.

  Background:
    Given I am a registered customer

  @inside
  Scenario: A new number
    When I change my SMS number to "555-555-9999"
    Then it is done
    And my SMS number is "555-555-9999"
    And customersapi.CustomerSmsChanged was told of me once

  @inside
  Scenario: The same number again is no news
    When I change my SMS number to "555-555-1212"
    And I change my SMS number to "555-555-9999"
    Then customersapi.CustomerSmsChanged was told of me once

  Scenario Outline: Cannot change it to "<number>"
    When I change my SMS number to "<number>"
    Then I am refused with status 400: "the SMS number"
    And my SMS number is "555-555-1212"

    Examples:
      | number  |
      |         |
      | call me |
