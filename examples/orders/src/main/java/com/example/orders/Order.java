package com.example.orders;

import java.math.BigDecimal;

/** What a customer has ordered. Orders of one customer have one key, so they stay in order. */
public record Order(String id, String customer, String item, int quantity, BigDecimal amount) {}
