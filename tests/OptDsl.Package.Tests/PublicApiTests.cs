using OptDsl.Models;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Package.Tests;

/// <summary>
/// The public surface is the reviewed one. A change is accepted like that of any snapshot, and is then seen in its review; what
/// disappears from a file breaks somebody's build.
/// </summary>
public class PublicApiTests
{
    [Fact]
    public void OptDsl_Runtime() => Snapshot.Verify(PublicApi.Describe(typeof(OptimizerOptions).Assembly), "txt");

    [Fact]
    public void OptDsl_Models() => Snapshot.Verify(PublicApi.Describe(typeof(ILossModel<>).Assembly), "txt");

    [Fact]
    public void OptDsl_RuleAssert() => Snapshot.Verify(PublicApi.Describe(typeof(RuleAssert).Assembly), "txt");
}
