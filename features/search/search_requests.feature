Feature: What search can be asked

  Background:
    Given I am a registered customer

  Scenario: Cannot search by a status there is not
    When I search my orders with
      | status | lost |
    Then I am refused with status 400: "the status is none of"

  Scenario: Cannot ask for less than nothing
    When I search my orders, -1 at most
    Then I am refused with status 400: "the limit cannot be negative"

  Scenario: Cannot go on from where search has never been
    When I go on from "made-up"
    Then I am refused with status 400: ""

  Scenario: Cannot find an order nobody has placed
    When I look for the order "no order" in search
    Then I am refused with status 404: "order with that ID does not exist"

  Scenario: An order that is rejected is shown so
    Given I have a basket of 2 "Hat" at 5
    And I have authorised a payment of 1
    And I have checked out my basket
    Then my order becomes rejected
    And search shows my order as "Rejected"
