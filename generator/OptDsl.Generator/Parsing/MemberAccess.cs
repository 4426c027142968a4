using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>How a value of the rule is named and read.</summary>
/// <param name="Name">
/// What tells it apart from the rule's other values, and names it in files: its own name, or <c>Base.Rate</c> where that is hidden.
/// </param>
/// <param name="Member">Its own name.</param>
/// <param name="Owner">The qualified type by which it is read, where its name stands for another member; else empty.</param>
internal sealed record MemberAccess(string Name, string Member, string Owner)
{
    /// <summary>As a value of the rule's specification.</summary>
    internal ValueSpec Spec(ScalarType type) => new(Name, type) { Member = Member, Owner = Owner };
}
