Feature: Rebranding and removing products

  Products get other names, and go.

  Background:
    Given the store "Nic & Naks" already exists
    And the store sells
      | Name | Price |
      | Hat  | 10    |
      | Cat  | 120   |

  Scenario: A new brand
    When I rebrand the product "Hat" to "Crown", "heavier"
    Then it is done
    And the product "Hat" is now "Crown", "heavier"
    And new baskets call "Hat" "Crown" of "Nic & Naks"

  Scenario: Cannot rebrand to nothing
    When I rebrand the product "Hat" to "", "nothing"
    Then I am refused with status 400: "the product name cannot be blank"

  @inside
  Scenario: Removing a product
    When I remove the product "Hat"
    Then it is done
    And no product called "Hat" exists
    And the catalogue of the store lists
      | Name | Price |
      | Cat  | 120   |
    And storesapi.ProductRemoved was told of the product "Hat"

  Scenario: Cannot look at what is gone
    Given the product "Hat" has been removed
    When I look at the product "Hat"
    Then I am refused with status 404: "product with that ID does not exist"

  Scenario: Cannot remove twice
    Given the product "Hat" has been removed
    When I remove the product "Hat"
    Then I am refused with status 404: "product with that ID does not exist"

  @inside
  Scenario: Nobody can add what is gone to a basket
    Given I am a registered customer
    And I have started a new basket
    And the product "Hat" has been removed
    And baskets have heard that "Hat" is gone
    When I add 1 "Hat"
    Then I am refused with status 404: "product fallback failed: product was not located"
