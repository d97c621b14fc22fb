Feature: Cancelling baskets

  A customer who does not want a basket any more leaves it.

  Background:
    Given I am a registered customer
    And a store has the following items
      | Name | Price |
      | Hat  | 5     |
    And I have a basket with
      | Name | Quantity |
      | Hat  | 3        |

  Scenario: A cancelled basket is empty
    When I cancel my basket
    Then it is done
    And my basket is canceled
    And my basket is empty

  @inside
  Scenario: Cancelling is told of
    When I cancel my basket
    Then basketsapi.BasketCanceled was told of my basket once

  Scenario: Cannot cancel twice
    Given I have cancelled my basket
    When I cancel my basket
    Then I am refused with status 400: "the basket cannot be cancelled"

  Scenario: Cannot cancel what is checked out
    Given I have authorised a payment for my basket
    And I have checked out my basket
    When I cancel my basket
    Then I receive a "the basket cannot be cancelled" error
    And my order becomes approved

  Scenario: Cannot check out what is cancelled
    Given I have cancelled my basket
    When I check out with the payment "any"
    Then I receive a "baskets checkout: the basket cannot be modified" error
