package com.example.orders;

/** How many of an item there are more, or less. */
public record InventoryUpdate(String orderId, String item, int change) {}
