use alloc::{vec, vec::Vec};

use super::*;

fn record() -> Record {
    let points: Vec<_> = (1..4).map(|step| Observation { epoch: step, step, values: vec![0.5] }).collect();
    let chain = vec![Digest([0; 32]); points.len()];
    let own = Some(Own { seed: Seed(7), success: Some(2) });
    let (id, kept) = (Digest([1; 32]), Kept { shapes: vec![[1, 2]], values: vec![1.0, 2.0] });
    let mut record = Record { id, observations: points, chain, outcome: Outcome::Completed, kept, own };
    record.close();
    record
}

#[test]
fn every_part_of_a_record_is_compared() {
    type Change = fn(&mut Record);
    let changes: [(Change, Place); 8] = [
        (|record| record.observations[1].values[0] = 0.25, Place::Epoch(2)),
        (|record| record.chain[2] = Digest([9; 32]), Place::Epoch(3)),
        (|record| record.observations.truncate(2), Place::Length),
        (|record| record.id = Digest([2; 32]), Place::Length),
        (|record| record.outcome = Outcome::Converged { epoch: 3 }, Place::Outcome),
        // No digest binds these two fields.
        (|record| record.own.as_mut().unwrap().success = Some(1), Place::Outcome),
        (|record| record.own.as_mut().unwrap().seed = Seed(8), Place::Outcome),
        (|record| record.kept.values[1] = 3.0, Place::Kept),
    ];
    let whole = record();
    assert_eq!(whole.first_difference(&record()), None);
    for (change, place) in changes {
        let mut changed = record();
        change(&mut changed);
        assert_eq!(whole.first_difference(&changed), Some(place));
    }
}

#[test]
fn the_last_link_covers_the_kept_arrays() {
    let mut record = record();
    assert!(record.is_in_shape() && record.last_link_holds());
    record.kept.values[0] = 4.0;
    assert!(record.is_in_shape() && !record.last_link_holds());
    record.close();
    assert!(record.last_link_holds());
}
