Feature: Searching orders

  Orders are found by all that is known about them.

  Background:
    Given I register as "Search Customer"
    And the store "Books" takes part
    And the store sells
      | Name   | Price |
      | Novel  | 8     |
      | Ballad | 6     |
    And I have an order "small" of
      | Name  | Quantity |
      | Novel | 1        |
    And the store "Hats" takes part
    And the store sells
      | Name | Price |
      | Hat  | 50.5  |
    And I have an order "middle" of
      | Name   | Quantity |
      | Ballad | 2        |
      | Hat    | 1        |
    And I have an order "large" of
      | Name | Quantity |
      | Hat  | 2        |
    And search knows my orders

  Scenario: All of a customer's orders, the newest first
    When I search my orders
    Then I find "large, middle, small"

  Scenario Outline: By <filter> <value>
    When I search my orders with
      | <filter> | <value> |
    Then I find "<found>"

    Examples:
      | filter    | value      | found                |
      | min total | 62.5       | large, middle        |
      | min total | 62.5001    | large                |
      | max total | 62.5       | middle, small        |
      | max total | 8          | small                |
      | stores    | Books      | middle, small        |
      | stores    | Hats       | large, middle        |
      | stores    | Books, Hats | large, middle, small |
      | products  | Ballad     | middle               |
      | products  | Novel, Hat | large, middle, small |
      | status    | Approved   | large, middle, small |
      | status    | approved   | large, middle, small |

  Scenario: By several filters, all of which must be met
    When I search my orders with
      | stores    | Books |
      | min total | 10    |
    Then I find "middle"

  Scenario: By what nothing meets
    When I search my orders with
      | min total | 1000 |
    Then I find nothing
    When I search my orders with
      | status | Rejected |
    Then I find nothing

  Scenario: By store, whoever ordered
    When I search all orders with
      | stores | Hats |
    Then I find "large, middle"

  Scenario: By time, the moment itself is out
    Given the moment of "middle" is known
    When I search my orders with
      | after | middle |
    Then I find "large"
    When I search my orders with
      | before | middle |
    Then I find "small"

  Scenario: By status, as orders go on
    Given the depot has collected my order
    And search shows my order as "Ready For Pickup"
    When I search my orders with
      | status | ready |
    Then I find "large"
    When I search my orders with
      | status | Approved |
    Then I find "middle, small"

  Scenario: Nobody finds orders of others
    Given another customer of the mall called "Somebody"
    When I search all orders with
      | customer | Somebody |
    Then I find nothing

  Scenario: At most so many
    When I search my orders, 2 at most
    Then I find "large, middle"

  Scenario Outline: Page by page, <size> at a time
    When I page through my orders, <size> at a time
    Then I find "large, middle, small"

    Examples:
      | size |
      | 1    |
      | 2    |
      | 3    |

  Scenario: What search tells of an order
    Then search tells of my order
      | Customer | Search Customer |
      | Total    | 101             |
      | Products | Hat             |
      | Stores   | Hats            |

  Scenario: Names are those of the order's time
    When I rebrand the store to "Crowns"
    And I rebrand the product "Hat" to "Crown", "heavier"
    Then new baskets call "Hat" "Crown" of "Crowns"
    And search tells of my order
      | Customer | Search Customer |
      | Total    | 101             |
      | Products | Hat             |
      | Stores   | Hats            |
