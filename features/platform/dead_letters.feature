@inside
Feature: Dead letters

  A message that cannot be handled is kept where it can be seen, tried again and given up; what comes after it goes on.

  Scenario: Bytes that are no message are kept by everybody who was to read them
    When bytes that are no message come on "ordering.events.Order"
    Then it becomes a dead letter of
      | Consumer            | Reason              |
      | cosec-ordering      | UndecodableMessage  |
      | payment-orders      | UndecodableMessage  |
      | notification-orders | UndecodableMessage  |
      | search-orders       | UndecodableMessage  |
    And I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When somebody drops its dead letters, since "it was never a message"
    Then it has no dead letters any more

  Scenario Outline: Nonsense on <channel>
    When bytes that are no message come on "<channel>"
    Then it becomes a dead letter of
      | Consumer   | Reason             |
      | <consumer> | UndecodableMessage |
    And I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    When somebody drops its dead letters, since "it was never a message"
    Then it has no dead letters any more

    Examples:
      | channel                    | consumer          |
      | baskets.events.Basket      | ordering-baskets  |
      | payments.commands          | payment-commands  |
      | cosec.replies.CreateOrder  | cosec-replies     |

  Scenario: News of an order nobody has placed is kept by search, and stays dead when tried again
    Given I am a registered customer
    When somebody tells that an order is approved which nobody has placed
    Then it becomes a dead letter of
      | Consumer      | Reason                            |
      | search-orders | order with that ID does not exist |
    When somebody tries its dead letters again
    Then they are settled as "search-orders: parked again"
    When somebody drops its dead letters, since "nobody knows the order"
    Then it has no dead letters any more

  Scenario: News that came too early is taken when it is tried again
    Given I have a basket of 2 "Hat" at 5
    And I have authorised a payment of 10
    When somebody tells that my basket is an approved order
    Then it becomes a dead letter of
      | Consumer      | Reason                            |
      | search-orders | order with that ID does not exist |
    When I check out my basket
    Then my order becomes approved
    And search shows my order as "Approved"
    When somebody tries its dead letters again
    Then they are settled as "search-orders: taken"
    And it has no dead letters any more
    And search shows my order as "Approved"
