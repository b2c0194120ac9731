package io.milena.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Gives each test of a class a broker of its own: one that sets it up otherwise, or leaves behind what others would stumble over. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface OwnBroker {
    /** As {@code name=value}, beside those that all have. */
    String[] settings() default {};
}
