Feature: Who may order

  The mall can keep a customer from ordering, and let them again.

  Background:
    Given I am a registered customer

  @inside
  Scenario: Disabling a customer
    When the mall disables me
    Then it is done
    And I am disabled
    And customersapi.CustomerDisabled was told of me once

  @inside
  Scenario: Enabling a customer again
    Given the mall has disabled me
    When the mall enables me
    Then it is done
    And I am enabled
    And customersapi.CustomerEnabled was told of me once

  Scenario: Cannot disable twice
    Given the mall has disabled me
    When the mall disables me
    Then I am refused with status 400: "the customer is already disabled"

  Scenario: Cannot enable whoever is enabled
    When the mall enables me
    Then I am refused with status 400: "the customer is already enabled"

  @grpc
  Scenario: An enabled customer may order
    When the mall asks whether I may order
    Then I may order

  @grpc
  Scenario: A disabled customer may not order
    Given the mall has disabled me
    When the mall asks whether I may order
    Then I am refused with status 403: "customer is not authorized"

  @grpc
  Scenario: Nobody is no customer
    When the mall asks whether "nobody" may order
    Then I am refused with status 404: "customer with that ID does not exist"

  Scenario: Cannot disable somebody nobody has registered
    When a client sends PUT /api/customers/nobody/disable with {}
    Then I am refused with status 404: "customer with that ID does not exist"
