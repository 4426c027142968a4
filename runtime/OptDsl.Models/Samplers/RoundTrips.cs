using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>Counts how often each walker went from the last level to the first and back.</summary>
internal sealed class RoundTrips(int walkers)
{
    private const int AwayFromLast = 1, BackFromFirst = 2;

    // A walker's phase is zero until it first reaches the last level, where its first trip begins.
    private readonly int[] counts = new int[walkers], phases = new int[walkers];

    /// <summary>The number of round trips of a walker.</summary>
    internal int this[int walker] => counts[walker];

    /// <summary>Whether any walker has made a round trip.</summary>
    internal bool Any => counts.AsSpan().ContainsAnyExcept(0);

    internal void Visit(int walker, int level, int last)
    {
        if (level == last)
        {
            counts[walker] += phases[walker] == BackFromFirst ? 1 : 0;
            phases[walker] = AwayFromLast;
        }
        else if (level == 0 && phases[walker] == AwayFromLast)
        {
            phases[walker] = BackFromFirst;
        }
    }

    internal void AddTo(CheckpointCompanion companion, string prefix = "")
    {
        companion.AddWhole($"sampler/{prefix}round_trips", counts, counts.Length);
        companion.AddWhole($"sampler/{prefix}trip_phases", phases, phases.Length);
    }
}
