using Xunit;

namespace OptDsl.Package.Tests;

/// <summary>The tests of the packages, one after another: their builds share a folder, and the machine.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackedProject>
{
    internal const string Name = "Packages";
}
