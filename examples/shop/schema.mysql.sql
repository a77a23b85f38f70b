-- A small shop, as a company might have it: keys several deep, a circle
-- (customers and addresses), a self reference (messages), composite keys, an
-- e-mail address that no key ties to its customer, JSON.
CREATE TABLE agents (
    id    BIGINT PRIMARY KEY,
    name  TEXT NOT NULL,
    email VARCHAR(190) NOT NULL UNIQUE
);
CREATE TABLE customers (
    id                 BIGINT PRIMARY KEY,
    email              VARCHAR(190) NOT NULL UNIQUE,
    email_key          VARCHAR(190) AS (lower(trim(email))) STORED, -- an index by which avow finds people
    nickname           TEXT NOT NULL,
    phone              TEXT,
    password_hash      TEXT,
    agent_id           BIGINT,
    default_address_id BIGINT,
    created_at         DATETIME NOT NULL,
    FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE INDEX customers_email ON customers (email_key);
CREATE TABLE addresses (
    id          BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL,
    recipient   TEXT NOT NULL,
    street      TEXT NOT NULL,
    city        TEXT NOT NULL,
    postcode    TEXT,
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);
ALTER TABLE customers ADD FOREIGN KEY (default_address_id) REFERENCES addresses (id);
CREATE TABLE products (
    id    BIGINT PRIMARY KEY,
    title TEXT NOT NULL,
    price BIGINT NOT NULL
);
CREATE TABLE orders (
    id          BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL,
    address_id  BIGINT,
    placed_at   DATETIME NOT NULL,
    recipient   TEXT NOT NULL,
    total       BIGINT NOT NULL,
    note        TEXT,
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (address_id) REFERENCES addresses (id)
);
CREATE TABLE order_lines (
    order_id   BIGINT NOT NULL,
    line_no    BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    quantity   BIGINT NOT NULL,
    engraving  TEXT,
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY (order_id) REFERENCES orders (id),
    FOREIGN KEY (product_id) REFERENCES products (id)
);
CREATE TABLE returns (
    id       BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    line_no  BIGINT NOT NULL,
    reason   TEXT NOT NULL,
    FOREIGN KEY (order_id, line_no) REFERENCES order_lines (order_id, line_no)
);
CREATE TABLE payments (
    id        BIGINT PRIMARY KEY,
    order_id  BIGINT NOT NULL,
    method    TEXT NOT NULL,
    reference TEXT NOT NULL,
    FOREIGN KEY (order_id) REFERENCES orders (id)
);
CREATE TABLE messages (
    id          BIGINT PRIMARY KEY,
    customer_id BIGINT,
    order_id    BIGINT,
    reply_to    BIGINT,
    body        TEXT NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (order_id) REFERENCES orders (id),
    FOREIGN KEY (reply_to) REFERENCES messages (id)
);
CREATE TABLE settings (
    customer_id BIGINT PRIMARY KEY,
    document    JSON NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE TABLE newsletter (
    email         VARCHAR(190) PRIMARY KEY,
    subscribed_at DATETIME NOT NULL
);
