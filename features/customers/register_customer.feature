Feature: Register Customer

  @inside
  Scenario: Registering a new customer
    Given no customer named "John Smith" exists
    When I register a new customer as "John Smith"
    Then the customer was created

  @inside
  Scenario: A registered customer is there, enabled, and told of once
    When I register a new customer as "John Smith"
    Then a customer named "John Smith" exists
    And my name is "John Smith"
    And my SMS number is "555-555-1212"
    And I am enabled
    And customersapi.CustomerRegistered was told of me once

  @inside
  Scenario: Families share names and numbers
    When I register as "John Smith"
    And I register as "John Smith"
    Then the customer was created

  Scenario Outline: Cannot register with the name "<name>" and the number "<number>"
    When I register as "<name>" with the number "<number>"
    Then I am refused with status 400: "<refusal>"

    Examples:
      | name       | number       | refusal                           |
      |            | 555-555-1212 | the customer name cannot be blank |
      | John Smith |              | the SMS number cannot be blank    |
      | John Smith | call me      | the SMS number                    |
      | John Smith | 12           | the SMS number                    |

  Scenario Outline: Numbers may be written as people write them
    When I register as "John Smith" with the number "<number>"
    Then the customer was created
    And my SMS number is "<number>"

    Examples:
      | number            |
      | +49 (0)30 1234567 |
      | 555.1212          |
      | 112               |

  Scenario: Cannot look at a customer nobody has registered
    When I look for the customer "nobody"
    Then I am refused with status 404: "customer with that ID does not exist"
