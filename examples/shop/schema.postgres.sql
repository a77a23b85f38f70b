-- A small shop, as a company might have it: keys several deep, a circle
-- (customers and addresses), a self reference (messages), composite keys, an
-- e-mail address that no key ties to its customer, JSON.
CREATE TABLE agents (
    id    BIGINT PRIMARY KEY,
    name  TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE
);
CREATE TABLE customers (
    id                 BIGINT PRIMARY KEY,
    email              TEXT NOT NULL UNIQUE,
    nickname           TEXT NOT NULL,
    phone              TEXT,
    password_hash      TEXT,
    agent_id           BIGINT REFERENCES agents (id),
    default_address_id BIGINT,
    created_at         TIMESTAMPTZ NOT NULL
);
CREATE INDEX customers_email ON customers (lower(trim(email::text)));
CREATE TABLE addresses (
    id          BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    recipient   TEXT NOT NULL,
    street      TEXT NOT NULL,
    city        TEXT NOT NULL,
    postcode    TEXT
);
ALTER TABLE customers ADD FOREIGN KEY (default_address_id) REFERENCES addresses (id);
CREATE INDEX addresses_customer ON addresses (customer_id);
CREATE TABLE products (
    id    BIGINT PRIMARY KEY,
    title TEXT NOT NULL,
    price BIGINT NOT NULL
);
CREATE TABLE orders (
    id          BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    address_id  BIGINT REFERENCES addresses (id),
    placed_at   TIMESTAMPTZ NOT NULL,
    recipient   TEXT NOT NULL,
    total       BIGINT NOT NULL,
    note        TEXT
);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_address ON orders (address_id);
CREATE TABLE order_lines (
    order_id   BIGINT NOT NULL REFERENCES orders (id),
    line_no    BIGINT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES products (id),
    quantity   BIGINT NOT NULL,
    engraving  TEXT,
    PRIMARY KEY (order_id, line_no)
);
CREATE TABLE returns (
    id       BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    line_no  BIGINT NOT NULL,
    reason   TEXT NOT NULL,
    FOREIGN KEY (order_id, line_no) REFERENCES order_lines (order_id, line_no)
);
CREATE INDEX returns_line ON returns (order_id, line_no);
CREATE TABLE payments (
    id        BIGINT PRIMARY KEY,
    order_id  BIGINT NOT NULL REFERENCES orders (id),
    method    TEXT NOT NULL,
    reference TEXT NOT NULL
);
CREATE INDEX payments_order ON payments (order_id);
CREATE TABLE messages (
    id          BIGINT PRIMARY KEY,
    customer_id BIGINT REFERENCES customers (id),
    order_id    BIGINT REFERENCES orders (id),
    reply_to    BIGINT REFERENCES messages (id),
    body        TEXT NOT NULL
);
CREATE INDEX messages_customer ON messages (customer_id);
CREATE INDEX messages_order ON messages (order_id);
CREATE INDEX messages_reply ON messages (reply_to);
CREATE TABLE settings (
    customer_id BIGINT PRIMARY KEY REFERENCES customers (id),
    document    JSONB NOT NULL
);
CREATE TABLE newsletter (
    email         TEXT PRIMARY KEY,
    subscribed_at TIMESTAMPTZ NOT NULL
);
