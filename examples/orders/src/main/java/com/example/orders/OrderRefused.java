package com.example.orders;

/** An order that this shop cannot carry out. */
public final class OrderRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OrderRefused(String reason) {
        super(reason);
    }
}
