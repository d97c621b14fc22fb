@other-mode
Feature: One process or nine

  A mall in one process and a mall of nine services behind a gateway do the same. These scenarios have a mall of their own,
  in the mode that the mall of the run is not in.

  Scenario: A purchase to its end
    Given I register as "Customer"
    And I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the depot has collected my order
    And my order has an invoice of 10
    And I have paid the invoice
    And my order becomes completed
    And I have been told, once each: "created, approved, ready, completed"
    And the story of my order is known
    When I go to the mall of the run
    Then I register as "Customer"
    And I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the depot has collected my order
    And my order has an invoice of 10
    And I have paid the invoice
    And my order becomes completed
    And I have been told, once each: "created, approved, ready, completed"
    And the story of my order is the same

  Scenario: An order that is rejected
    Given I register as "Customer"
    And I have a basket of 2 "Hat" at 5
    And I have authorised a payment of 1
    And I have checked out my basket
    And my order is rejected because "payment does not cover the order total"
    And I have been told, once each: "created, rejected"
    And the story of my order is known
    When I go to the mall of the run
    Then I register as "Customer"
    And I have a basket of 2 "Hat" at 5
    And I have authorised a payment of 1
    And I have checked out my basket
    And my order is rejected because "payment does not cover the order total"
    And I have been told, once each: "created, rejected"
    And the story of my order is the same

  Scenario: Refusals are the same
    When I create a store called ""
    Then I am refused with status 400: "the store name cannot be blank"
    And the refusal is of the kind BAD_REQUEST with the code 3
    When I look for the order "no order"
    Then I am refused with status 404: "order with that ID does not exist"
    And the refusal is of the kind NOT_FOUND with the code 5
    When a client sends GET /api/nowhere
    Then I am refused with status 404: "Not Found"
    When a client sends PATCH /api/stores
    Then I am refused with status 405: "Method Not Allowed"
    When a client sends POST /api/stores with {"name": 1}
    Then I am refused with status 400: "the request does not fit"
    And the refusal is of the kind none with the code 3
