-- Undoes 0009.
DROP TABLE user_api_keys, failed_logins, access_revocations, refresh_tokens, users;
