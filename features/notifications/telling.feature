@inside
Feature: Telling customers

  Customers are told how their orders fare, once for each turn.

  Background:
    Given I register as "Told Customer"

  Scenario: An order that goes well
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And I have been told, once each: "created, approved"
    And the depot has collected my order
    And I have been told, once each: "created, approved, ready"
    And my order has an invoice of 5
    When I pay the invoice
    Then I have been told, once each: "created, approved, ready, completed"
    And the news that it is created reads "We have received your order <order>."
    And the news that it is approved reads "Your order <order> is approved. We are collecting it for you."
    And the news that it is ready reads "Your order <order> is ready for pickup."
    And the news that it is completed reads "Your order <order> is paid and completed. Thank you!"
    And no news names me or my number

  Scenario: An order that is rejected, with the reason
    Given I have a basket of 2 "Hat" at 5
    And I have authorised a payment of 1
    And I have checked out my basket
    Then I have been told, once each: "created, rejected"
    And the news that it is rejected reads "We are sorry: your order <order> was rejected: payment does not cover the order total."

  @lab
  Scenario: An order that is cancelled
    Given nothing reaches "customer-commands"
    And I have ordered
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
    And the saga of my order waits for authorize customer
    When I cancel my order
    And "customer-commands" is reached again
    Then all that was done for my order is undone
    And I have been told, once each: "created, canceled"

  @grpc
  Scenario Outline: Nobody is told twice, whoever asks for it
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    And I have been told, once each: "created, approved"
    When somebody has me told that my order is <kind>
    Then it is done
    And I have been told, once each: "<told>"

    Examples:
      | kind    | told              |
      | created | created, approved |

  @grpc
  Scenario: A customer nobody has registered cannot be told
    When somebody is told that the order "made up" of "nobody" is ready
    Then the news that it is ready cannot be delivered: "customer"

  @grpc
  Scenario Outline: Cannot tell of the order "<order>" of "<customer>"
    When somebody is told that the order "<order>" of "<customer>" is created
    Then I am refused with status 400: "<refusal>"

    Examples:
      | order | customer | refusal                          |
      |       | c        | the order id cannot be blank     |
      | o     |          | the customer id cannot be blank  |
