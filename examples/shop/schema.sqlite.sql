-- A small shop, as a company might have it: keys several deep, a circle
-- (customers and addresses), a self reference (messages), composite keys, an
-- e-mail address that no key ties to its customer, JSON.
CREATE TABLE agents (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE
);
CREATE TABLE customers (
    id                 INTEGER PRIMARY KEY,
    email              TEXT NOT NULL UNIQUE,
    nickname           TEXT NOT NULL,
    phone              TEXT,
    password_hash      TEXT,
    agent_id           INTEGER REFERENCES agents (id),
    default_address_id INTEGER REFERENCES addresses (id),
    created_at         TEXT NOT NULL
);
CREATE INDEX customers_email ON customers (lower(trim(email)));
CREATE TABLE addresses (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    recipient   TEXT NOT NULL,
    street      TEXT NOT NULL,
    city        TEXT NOT NULL,
    postcode    TEXT
);
CREATE INDEX addresses_customer ON addresses (customer_id);
CREATE TABLE products (
    id    INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    price INTEGER NOT NULL
);
CREATE TABLE orders (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    address_id  INTEGER REFERENCES addresses (id),
    placed_at   TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    total       INTEGER NOT NULL,
    note        TEXT
);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_address ON orders (address_id);
CREATE TABLE order_lines (
    order_id   INTEGER NOT NULL REFERENCES orders (id),
    line_no    INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity   INTEGER NOT NULL,
    engraving  TEXT,
    PRIMARY KEY (order_id, line_no)
);
CREATE TABLE returns (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL,
    line_no  INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    FOREIGN KEY (order_id, line_no) REFERENCES order_lines (order_id, line_no)
);
CREATE INDEX returns_line ON returns (order_id, line_no);
CREATE TABLE payments (
    id        INTEGER PRIMARY KEY,
    order_id  INTEGER NOT NULL REFERENCES orders (id),
    method    TEXT NOT NULL,
    reference TEXT NOT NULL
);
CREATE INDEX payments_order ON payments (order_id);
CREATE TABLE messages (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER REFERENCES customers (id),
    order_id    INTEGER REFERENCES orders (id),
    reply_to    INTEGER REFERENCES messages (id),
    body        TEXT NOT NULL
);
CREATE INDEX messages_customer ON messages (customer_id);
CREATE INDEX messages_order ON messages (order_id);
CREATE INDEX messages_reply ON messages (reply_to);
CREATE TABLE settings (
    customer_id INTEGER PRIMARY KEY REFERENCES customers (id),
    document    TEXT NOT NULL
);
CREATE TABLE newsletter (
    email         TEXT PRIMARY KEY,
    subscribed_at TEXT NOT NULL
);
