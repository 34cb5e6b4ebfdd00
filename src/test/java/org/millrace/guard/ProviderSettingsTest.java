package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millrace.guard.ProviderSettings.Roles;

/** Which roles claims of a provider give. */
final class ProviderSettingsTest {

  @Test
  void aClaimIsFoundByItsWholeNameBeforeItsDotsLeadAnywhere() {
    String name = "https://hospital.example/roles";
    Map<String, Object> claims =
        Map.of(name, List.of("a"), "https://hospital", Map.of("example/roles", List.of("b")));

    assertThat(Roles.read(name, "viewer=a; admin=b").of(claims)).containsExactly(Role.VIEWER);
  }

  @Test
  void dotsLeadIntoClaimsThatHoldOthersAlsoIfTheseHaveDots() {
    Map<String, Object> claims =
        Map.of("resource_access", Map.of("millrace.console", Map.of("roles", List.of("ops"))));

    assertThat(Roles.read("resource_access.millrace.console.roles", "operator=ops").of(claims))
        .containsExactly(Role.OPERATOR);
    assertThat(Roles.read("resource_access.other.roles", "operator=ops").of(claims)).isEmpty();
  }

  @Test
  void aTextIsOneValueAndWhatIsNoTextIsNone() {
    Roles roles = Roles.read("groups", "viewer=a b; admin=1; admin=true; analyst=a");

    assertThat(roles.of(Map.of("groups", "a b"))).containsExactly(Role.VIEWER);
    assertThat(roles.of(Map.of("groups", List.of(1, true, Map.of("a", "a"))))).isEmpty();
    assertThat(roles.of(Map.of("groups", List.of("A", " a", "a ")))).isEmpty();
  }

  @Test
  void rolesAddUpAndThoseThatAnotherOneIncludesAreNotTold() {
    Roles roles = Roles.read("groups", "viewer=v; operator=o; analyst=n; admin=m; viewer=all");

    assertThat(roles.of(Map.of("groups", List.of("v", "o", "n"))))
        .containsExactlyInAnyOrder(Role.OPERATOR, Role.ANALYST);
    assertThat(roles.of(Map.of("groups", List.of("v", "o", "m")))).containsExactly(Role.ADMIN);
    assertThat(roles.of(Map.of("groups", List.of("all")))).containsExactly(Role.VIEWER);
  }

  @Test
  void theSecretIsNotShown() {
    ProviderSettings settings =
        new ProviderSettings(
            URI.create("https://login.hospital.example"),
            new ProviderSettings.Client("millrace", "not to be shown", List.of("openid")),
            Roles.read("groups", "viewer=v"),
            "upn",
            "Hospital ID");

    assertThat(settings.toString()).contains("millrace").doesNotContain("not to be shown");
  }

  @Test
  void whatIsNotWrittenAsRoleAndValueIsAFault() {
    assertThatThrownBy(() -> Roles.read("groups", "viewer=v;"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ROLE=VALUE");
  }
}
