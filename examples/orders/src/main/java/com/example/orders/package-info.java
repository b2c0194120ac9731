/**
 * A shop's orders, as an application of Spring Kafka.
 *
 * <p>{@link com.example.orders.OrderSender} and {@link com.example.orders.Checkout} write, the listeners read, {@link com.example.orders.Topics} says what is kept where, {@link com.example.orders.FailedRecords}
 * what happens to records that nobody can handle.
 */
@NullMarked
package com.example.orders;

import org.jspecify.annotations.NullMarked;
