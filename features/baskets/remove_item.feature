Feature: Taking items out

  What was put into a basket can be taken out again, until it is checked out.

  Background:
    Given I am a registered customer
    And a store has the following items
      | Name | Price |
      | Hat  | 5     |
      | Cat  | 120   |
    And I have a basket with
      | Name | Quantity |
      | Hat  | 3        |
      | Cat  | 1        |

  Scenario: Taking some pieces out leaves the others
    When I take out 2 "Hat"
    Then it is done
    And my basket holds
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
      | Cat  | 120   | 1        |

  Scenario Outline: Taking out <quantity> of 3 takes the line out
    When I take out <quantity> "Hat"
    Then it is done
    And my basket holds
      | Name | Price | Quantity |
      | Cat  | 120   | 1        |

    Examples:
      | quantity |
      | 3        |
      | 5        |

  Scenario: A product that has left its store can be taken out
    Given the product "Cat" has been removed
    When I take out 1 "Cat"
    Then it is done
    And my basket holds
      | Name | Price | Quantity |
      | Hat  | 5     | 3        |

  Scenario: Cannot take out what is not in the basket
    When I take out 1 "Dog"
    Then I am refused with status 404: "the product is not in the basket"

  Scenario Outline: Cannot take out <quantity> pieces
    When I take out <quantity> "Hat"
    Then I am refused with status 400: "<refusal>"

    Examples:
      | quantity | refusal                              |
      | -1       | the item quantity cannot be negative |
      | 0        | the item quantity cannot be zero     |

  Scenario: Cannot take out of a basket that was cancelled
    Given I have cancelled my basket
    When I take out 1 "Hat"
    Then I receive a "the basket cannot be modified" error
