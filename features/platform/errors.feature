Feature: Errors

  What cannot be done is refused with a sentence, a kind and a code, and nothing else happens.

  Scenario Outline: <case>
    When a client sends <method> <path> with <body>
    Then I am refused with status <status>: "<message>"

    Examples:
      | case                             | method | path                     | body                                  | status | message                              |
      | A body that is no JSON           | POST   | /api/customers           | {"name": }                            | 400    | the request body is not JSON         |
      | A number that is none            | POST   | /api/payments            | {"customerId": "c", "amount": "much"} | 400    | the request does not fit             |
      | A text where a number belongs    | PUT    | /api/baskets/b/addItem   | {"productId": "p", "quantity": {}}    | 400    | the request does not fit             |
      | Half a piece                     | PUT    | /api/baskets/b/addItem   | {"productId": "p", "quantity": 0.5}   | 400    | the request does not fit             |
      | A path there is not              | POST   | /api/stores/a/b/c        | {}                                    | 404    | Not Found                            |
      | A name that is too long          | POST   | /api/customers           | {"name": "<long 257>", "smsNumber": "555-1212"} | 400 | the customer name is longer than 256 characters |
      | An id that is too long           | POST   | /api/baskets             | {"customerId": "<long 129>"}          | 400    | the customer id is longer than 128 characters   |
      | A name with a line break         | POST   | /api/stores              | {"name": "a\\nb", "location": "here"}  | 400    | the store name holds control characters         |

  Scenario: A body that is a list
    When a client sends POST /api/customers with
      """
      [1, 2]
      """
    Then I am refused with status 400: "the request body must be a JSON object"

  Scenario Outline: <path> cannot be <method>
    When a client sends <method> <path>
    Then I am refused with status 405: "Method Not Allowed"

    Examples:
      | method | path                        |
      | PATCH  | /api/baskets                |
      | DELETE | /api/customers              |
      | GET    | /api/baskets/b/checkout     |

  Scenario: A refusal says its kind, for programs
    When a client sends GET /api/stores/nowhere
    Then I am refused with status 404: "store with that ID does not exist"
    And the refusal is of the kind NOT_FOUND with the code 5
    And the answer is of the type "application/json"

  Scenario: A rule that is broken
    When a client sends POST /api/stores with {"name": "", "location": "here"}
    Then the refusal is of the kind BAD_REQUEST with the code 3

  Scenario: The door's own refusals have no kind
    When a client sends POST /api/stores with {"name": 1}
    Then the refusal is of the kind none with the code 3

  Scenario: Fields that nobody knows are ignored
    When a client sends POST /api/stores with {"name": "Extra", "location": "here", "colour": "red"}
    Then the answer has an id

  Scenario: Either spelling of a field will do
    Given I am a registered customer
    When a client sends POST /api/baskets with {"customer_id": "<customer>"}
    Then the answer has an id
    When a client sends POST /api/baskets with {"customerId": "<customer>"}
    Then the answer has an id

  Scenario: What is done and has nothing to say is answered with an empty object
    Given the store "Waldorf Books" already exists
    When a client sends PUT /api/stores/<store>/participating with {}
    Then the answer is
      """
      {}
      """
    And the answer is of the type "application/json"

  Scenario: Fields at their defaults are there
    Given the store "Waldorf Books" already exists
    When a client sends GET /api/stores/<store>/products
    Then the answer is
      """
      {"products": [], "nextPageToken": ""}
      """
