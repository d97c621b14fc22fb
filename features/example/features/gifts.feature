Feature: Gifts

  A team's own feature: it uses the steps that come with the mall, and some of its own.

  Scenario: Somebody is given a hat
    Given I am a registered customer
    And a gift of 3 "Hat" at 5
    When I pay for the gift
    Then my order becomes approved
    And the gift has come to 15

  @inside
  Scenario: Whoever gives is told, once
    Given I am a registered customer
    And a gift of 1 "Hat" at 5
    When I pay for the gift
    Then I have been told, once each: "created, approved"
