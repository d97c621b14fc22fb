Feature: Long lists

  Lists come page by page, in an order that stays.

  Scenario Outline: All stores, <size> at a time
    Given stores called
      | Aardvark  |
      | Badger    |
      | Chameleon |
      | Dormouse  |
      | Eagle     |
    When I page through the stores, <size> at a time
    Then I meet each of mine once, in the order of their names

    Examples:
      | size |
      | 7    |
      | 100  |
      | 1000 |

  Scenario: Cannot ask for a negative page
    When a client sends GET /api/stores?pageSize=-1
    Then I am refused with status 400: "the page size cannot be negative"

  Scenario: Cannot go on from a token nobody gave out
    When a client sends GET /api/stores?pageToken=made-up
    Then I am refused with status 400: "the page token is none of ours"
