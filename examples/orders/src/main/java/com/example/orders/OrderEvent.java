package com.example.orders;

/** What happened to an order. */
public record OrderEvent(String orderId, String happened) {}
