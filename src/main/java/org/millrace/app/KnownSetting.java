package org.millrace.app;

/**
 * A setting as the code that reads it asks for it. Immutable.
 *
 * @param values what it can be: {@code duration, 1s to 1h}
 * @param byDefault as it would be written; empty if there is no default
 * @param ofTenants whether each of several tenants has its own
 */
public record KnownSetting(String name, String values, String byDefault, boolean ofTenants) {

  KnownSetting ofTenants(boolean each) {
    return new KnownSetting(name, values, byDefault, each);
  }
}
