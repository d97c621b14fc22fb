Feature: Shopping lists

  The depot has a list for each order; a bot takes it, collects store by store, and the order is ready.

  Scenario: An approved order waits for a bot
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    Then the shopping list of my order is available
    And my order is among those that wait for a bot

  Scenario: A bot takes the list
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When the depot assigns my order to the bot "bot 7"
    Then it is done
    And the shopping list is assigned to the bot "bot 7"
    And my order is not among those that wait for a bot

  Scenario: The bot is back
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has assigned my order to the bot "bot 7"
    When the depot completes my order
    Then it is done
    And the shopping list is completed
    And my order becomes ready

  @inside
  Scenario: Collecting is told of, and readies the order once
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    Then about this order was published, in this order
      | ordersapi.OrderCreated  |
      | ordersapi.OrderApproved |
      | ordersapi.OrderReadied  |

  Scenario: A list has a stop for each store
    Given I am a registered customer
    And the store "Books" takes part
    And the store sells
      | Name   | Price |
      | Novel  | 8     |
      | Ballad | 6     |
    And the store "Hats" takes part
    And the store sells
      | Name | Price |
      | Hat  | 5     |
    And I have ordered
      | Name   | Quantity |
      | Novel  | 1        |
      | Hat    | 2        |
      | Ballad | 3        |
    And my order becomes approved
    Then the shopping list has the stops
      | Store | Name   | Quantity |
      | Books | Novel  | 1        |
      | Books | Ballad | 3        |
      | Hats  | Hat    | 2        |

  Scenario: An order by hand with several lines of a product has one item of it
    Given I am a registered customer
    And the store "Hats" takes part
    And the store sells
      | Name | Price |
      | Hat  | 5     |
    And I have authorised a payment of 15
    And I order by hand
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
      | Hat  | 5     | 2        |
    And my order becomes approved
    Then the shopping list has the stops
      | Store | Name | Quantity |
      | Hats  | Hat  | 3        |

  Scenario: Of two bots one gets the list
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When two bots want my order at the same time
    Then one of them gets it

  Scenario: A list cannot be taken twice
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has assigned my order to the bot "bot 7"
    When the depot assigns my order to the bot "bot 8"
    Then I am refused with status 400: "the shopping list cannot be assigned"
    And the shopping list is assigned to the bot "bot 7"

  Scenario: Nobody is no bot
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When the depot assigns my order to the bot ""
    Then I am refused with status 400: "the bot id cannot be blank"

  Scenario: What nobody has taken cannot be completed
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When the depot completes my order
    Then I am refused with status 400: "the shopping list cannot be completed"
    And my order is approved

  Scenario: What is completed cannot be completed again
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And the depot has collected my order
    When the depot completes my order
    Then I am refused with status 400: "the shopping list cannot be completed"

  Scenario Outline: The list of a live order cannot be canceled at the door, by <method>
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When the depot cancels the shopping list of my order by <method>
    Then I am refused with status 400: "the shopping list belongs to a live order"
    And the shopping list of my order is available

    Examples:
      | method |
      | POST   |
      | DELETE |

  Scenario: A list by hand, canceled, can be replaced
    Given a store has the following items
      | Name | Price |
      | Hat  | 5     |
    When I make a shopping list by hand for the order "by hand" of 1 "Hat"
    And I make a shopping list by hand for the order "by hand" of 1 "Hat"
    Then it is the same shopping list
    And the shopping list is pending
    When the depot cancels the shopping list
    Then the shopping list is canceled
    When I make a shopping list by hand for the order "by hand" of 1 "Hat"
    Then it is another shopping list

  Scenario: What waits for its order cannot be taken
    Given a store has the following items
      | Name | Price |
      | Hat  | 5     |
    And I make a shopping list by hand for the order "by hand" of 1 "Hat"
    When the depot assigns the shopping list to the bot "bot"
    Then I am refused with status 400: "the shopping list cannot be assigned"

  Scenario Outline: Cannot make a list of <quantity> "<product>" for the order "<order>"
    Given a store has the following items
      | Name | Price |
      | Hat  | 5     |
    When I make a shopping list by hand for the order "<order>" of <quantity> "<product>"
    Then I am refused with status <status>: "<refusal>"

    Examples:
      | order | quantity | product | status | refusal                                         |
      |       | 1        | Hat     | 400    | the order id cannot be blank                    |
      | a     | 0        | Hat     | 400    | the item quantity cannot be zero                |
      | a     | -1       | Hat     | 400    | the item quantity cannot be negative            |
      | a     | 1        | Unicorn | 404    | building shopping list: product fallback failed |

  Scenario: Cannot make a list of nothing
    When I make an empty shopping list by hand for the order "by hand"
    Then I am refused with status 400: "the shopping list has no items"

  Scenario: Cannot assign a list nobody has made
    When the depot assigns the shopping list "no list"
    Then I am refused with status 404: "shopping list with that ID does not exist"
