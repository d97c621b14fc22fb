Feature: Repeated requests

  A client that got no answer sends the same request again, under the same key, and it takes effect once.

  @inside
  Scenario: The same request again
    When a client sends POST /api/stores under the key "again" with {"name": "Repeated", "location": "here"}
    And a client sends POST /api/stores under the key "again" with {"name": "Repeated", "location": "here"}
    Then all answers are the same
    And the answer has an id

  Scenario: Many at once
    When a client sends POST /api/customers 8 times at once under the key "at once" with {"name": "Twin", "smsNumber": "555-1212"}
    Then all answers are the same
    And the answer has an id

  Scenario Outline: POST <path>, twice
    Given the store "Waldorf Books" already exists
    And I am a registered customer
    When a client sends POST <path> under the key "twice" with <body>
    And a client sends POST <path> under the key "twice" with <body>
    Then all answers are the same
    And the answer has an id

    Examples:
      | path                         | body                                       |
      | /api/baskets                 | {"customerId": "<customer>"}               |
      | /api/payments                | {"customerId": "<customer>", "amount": 5}  |
      | /api/stores/<store>/products | {"name": "Hat", "price": 5}                |

  Scenario: Another key is another request
    When a client sends POST /api/stores under the key "one" with {"name": "Repeated", "location": "here"}
    And a client sends POST /api/stores under the key "two" with {"name": "Repeated", "location": "here"}
    Then all answers differ

  Scenario: Another request cannot have the same key
    When a client sends POST /api/stores under the key "taken" with {"name": "Repeated", "location": "here"}
    And a client sends POST /api/stores under the key "taken" with {"name": "Other", "location": "here"}
    Then I am refused with status 409: "the Idempotency-Key was used for another request"

  Scenario: A request that was refused is decided anew
    When a client sends POST /api/stores under the key "anew" with {"name": "", "location": "here"}
    Then I am refused with status 400: "the store name cannot be blank"
    When a client sends POST /api/stores under the key "anew" with {"name": "Repeated", "location": "here"}
    Then the answer has an id

  Scenario: A change happens once
    Given I am a registered customer
    And a store has the following items
      | Name | Price |
      | Hat  | 5     |
    And I have started a new basket
    When a client sends PUT /api/baskets/<basket>/addItem under the key "add" with {"productId": "<product Hat>", "quantity": 2}
    And a client sends PUT /api/baskets/<basket>/addItem under the key "add" with {"productId": "<product Hat>", "quantity": 2}
    Then my basket holds
      | Name | Price | Quantity |
      | Hat  | 5     | 2        |
