Feature: Payments

  A customer has an amount authorised before checking out; it is held for one order, and taken when that is paid.

  Background:
    Given I am a registered customer

  Scenario: Authorising
    When I authorise a payment of 10.5
    Then the payment was authorised
    And my payment is authorized
    And my payment is of 10.5

  Scenario Outline: Cannot authorise <amount>
    When I authorise a payment of <amount>
    Then I am refused with status 400: "<refusal>"

    Examples:
      | amount    | refusal                                     |
      | 0         | the payment amount must be more than zero   |
      | -1        | the payment amount must be more than zero   |
      | 0.00001   | the payment amount                          |
      | 100000000 | the payment amount                          |

  Scenario: Nobody cannot pay
    When a payment of 10 is authorised for the customer ""
    Then I am refused with status 400: "the customer id cannot be blank"

  @grpc
  Scenario: A payment that is there is good
    Given I have authorised a payment of 10
    When the mall asks whether my payment is good
    Then it is done
    And my payment is authorized

  @grpc
  Scenario: A payment nobody has authorised is not good
    When the mall asks whether the payment "no payment" is good
    Then I am refused with status 404: "payment cannot be confirmed"

  Scenario: Cannot look at a payment nobody has authorised
    When I look for the payment "no payment"
    Then I am refused with status 404: "payment with that ID does not exist"

  @lab
  Scenario: The provider declines what is too much
    When I authorise a payment of 1000000.01
    Then I am refused with status 400: "the payment was declined: the amount is above 1000000"

  @lab
  Scenario: What is not too much is authorised by the same provider
    When I authorise a payment of 1000000
    Then the payment was authorised

  @lab
  Scenario: The provider declines who has no money
    When a payment of 1 is authorised for the customer "a-customer-without-money"
    Then I am refused with status 400: "the payment was declined"
