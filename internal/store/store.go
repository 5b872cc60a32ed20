// Package store keeps reports in one DynamoDB table.
//
// # Keys
//
// Everything about one picture (a bucket and key) stands in one partition,
// "photo/" + bucket + "/" + key, under these sort keys:
//
//	latest                    the head: which version is the latest, its row for lists, the decision that stands
//	source/<id>               the head's row again, for each further source of the picture
//	version/<id>              one version of the object with its full report
//	decision/<time>/<rev>     one decision of an editor, never changed
//	copy/<hash>               a later picture that shows the same
//
// Two more kinds of partitions join pictures:
//
//	like/<band>     prints               those that share 16 of the 64 bits of their hash, the newest 200
//	named/<name>    notices, pictures    a transmission reference or address: the kill notices
//	                                     that name it, the pictures that carry it
//
// A picture that was read whole costs four small writes in its bands, and one
// request that reads about 40 of them to find whether it came before, however
// many pictures there are (package likeness measures it). Whether a picture was
// withdrawn is one request more.
//
// The partition "rules" has one item "last-good": the desk's rule pack that
// loaded last.
//
// Two more partitions are about who may ask: "tokens" has an item
// "token/<id>" for each program, and "session/<id>" an item "ended" for each
// session that was signed out of, which DynamoDB deletes when it has expired.
//
// The head and the source items carry the keys of four indexes, all sorted by
// arrival ("2026-11-24T09:30:00.000000000Z-<hash of bucket and key>", so that
// no two pictures share a place):
//
//	by-time      all/<shard>            everything, newest first, or of one day
//	by-verdict   <verdict>/<shard>      what failed, newest first, or of one day
//	by-origin    <origin>/<shard>       what states provided, newest first
//	by-source    <source id>/<shard>    what KCNA provided, newest first
//
// A day is a range of the sort key and needs no key of its own, so the newest
// page costs one query a shard however long the desk was closed. A partition
// takes 1,000 writes a second and a row costs one or two, so the two shards,
// chosen by the hash, take a thousand pictures a second in each list, beyond
// what all agencies together send; the table's own partitions are the
// pictures', and cannot be hot. Everything else (code, language, prefix, text,
// reviewed) is asked of the rows that an index gives. Nothing scans.
//
// # Order
//
// Events come twice and out of order. Every write is a whole item, under the
// condition that the item is still as it was read (its rev), and what it
// becomes depends on what was there and what arrives, never on who comes
// first: a version keeps the report that was made last and the time of its
// first, the head follows the greatest sequencer. So any order of the same
// events ends in the same state.
//
// Imports: likeness, photo, report, AWS.
package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// What can go wrong besides DynamoDB itself.
var (
	// ErrNotFound says that there is no report of this picture or version.
	ErrNotFound = errors.New("no report of this picture")
	// ErrConflict says that the picture changed after it was read: another
	// editor decided, or a new version came.
	ErrConflict = errors.New("the picture changed meanwhile")
	// ErrCursor says that a cursor is not one that List gave.
	ErrCursor = errors.New("not a cursor of this list")
)

// Store keeps reports in one table.
type Store struct {
	db    *dynamodb.Client
	table string
}

// Consistency is whether a read sees all that was written before it (Strong),
// or may be some time behind, for half the price (Eventual). Eventual is for a
// look that another follows before anything depends on it.
type Consistency bool

// The consistencies, as DynamoDB names them.
const (
	Eventual Consistency = false
	Strong   Consistency = true
)

// New returns a Store in the named table.
func New(db *dynamodb.Client, table string) *Store {
	return &Store{db: db, table: table}
}

// Index is one of the table's global secondary indexes. Both keys are
// strings, and everything is projected.
type Index struct {
	Name         string
	PartitionKey string
	SortKey      string
}

// The attributes of an item.
const (
	attrPartition = "pk"
	attrSort      = "sk"
	attrRevision  = "rev" // of this item, counting from 1
	attrDocument  = "doc" // JSON of the head, version or decision, packed in a large item
	attrArrived   = "arrived_at"
	attrExpires   = "expires" // Unix time in seconds, after which DynamoDB deletes the item
)

var (
	byTime    = Index{"by-time", "all_shard", attrArrived}
	byVerdict = Index{"by-verdict", "verdict_shard", attrArrived}
	byOrigin  = Index{"by-origin", "origin_shard", attrArrived}
	bySource  = Index{"by-source", "source_shard", attrArrived}
)

// Indexes are the table's global secondary indexes.
var Indexes = []Index{byTime, byVerdict, byOrigin, bySource}

// Schema is the table as CreateTable makes it. A deployed table has the same
// keys and indexes.
func Schema(table string) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName:            &table,
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{textAttribute(attrPartition), textAttribute(attrSort), textAttribute(attrArrived)},
		KeySchema:            keys(attrPartition, attrSort),
	}
	for _, index := range Indexes {
		in.AttributeDefinitions = append(in.AttributeDefinitions, textAttribute(index.PartitionKey))
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName:  aws.String(index.Name),
			KeySchema:  keys(index.PartitionKey, index.SortKey),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		})
	}
	return in
}

func textAttribute(name string) types.AttributeDefinition {
	return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
}

func keys(partition, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &partition, KeyType: types.KeyTypeHash},
		{AttributeName: &sort, KeyType: types.KeyTypeRange},
	}
}

// CreateTable makes the table unless it is there. It is for a DynamoDB on
// this machine, where a table can be used at once; in AWS the template makes it.
func (s *Store) CreateTable(ctx context.Context) error {
	_, err := s.db.CreateTable(ctx, Schema(s.table))
	var exists *types.ResourceInUseException
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("create table %s: %w", s.table, err)
	}
	return nil
}

// item is a whole item of the table. All its attributes are strings, but for
// attrExpires, which DynamoDB wants to be a number, and a packed document.
type item map[string]string

// revision is how often the item was written: 0 when it is not there.
func (i item) revision() int {
	n, _ := strconv.Atoi(i[attrRevision])
	return n
}

// size is what the item counts, in bytes: names and values.
func (i item) size() (n int) {
	for name, value := range i {
		n += len(name) + len(value)
	}
	return n
}

func (i item) values() map[string]types.AttributeValue {
	values := make(map[string]types.AttributeValue, len(i))
	for name, value := range i {
		switch {
		case name == attrExpires:
			values[name] = &types.AttributeValueMemberN{Value: value}
		case name == attrDocument && i.size() > packAbove:
			values[name] = &types.AttributeValueMemberB{Value: pack(value)}
		default:
			values[name] = &types.AttributeValueMemberS{Value: value}
		}
	}
	return values
}

func itemOf(values map[string]types.AttributeValue) (item, error) {
	i := make(item, len(values))
	for name, value := range values {
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			i[name] = v.Value
		case *types.AttributeValueMemberB:
			document, err := unpack(v.Value)
			if err != nil {
				return nil, err
			}
			i[name] = document
		}
	}
	return i, nil
}

// get reads one item; an absent one is empty.
func (s *Store) get(ctx context.Context, partition, sort string) (item, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &s.table,
		Key:            item{attrPartition: partition, attrSort: sort}.values(),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", sort, partition, err)
	}
	stored, err := itemOf(out.Item)
	if err != nil {
		return nil, fmt.Errorf("stored %s of %s: %w", sort, partition, err)
	}
	return stored, nil
}

// write is one item to be put or deleted.
type write struct {
	item   item
	delete bool
	// guarded writes happen only if the item was last written as the
	// revision before this one, or was absent for revision 1.
	guarded bool
}

func (w write) condition() (expression *string, values map[string]types.AttributeValue) {
	switch {
	case !w.guarded:
		return nil, nil
	case w.item.revision() == 1:
		return aws.String("attribute_not_exists(" + attrPartition + ")"), nil
	}
	before := strconv.Itoa(w.item.revision() - 1)
	return aws.String(attrRevision + " = :before"), item{":before": before}.values()
}

// commit does all the writes or none. The error is ErrConflict when the
// condition of one does not hold.
func (s *Store) commit(ctx context.Context, writes ...write) error {
	first := writes[0].item
	err := s.send(ctx, writes)
	if err == nil {
		return nil
	}
	var condition *types.ConditionalCheckFailedException
	var canceled *types.TransactionCanceledException
	if errors.As(err, &condition) || errors.As(err, &canceled) && conflicting(canceled) {
		return ErrConflict
	}
	return fmt.Errorf("write %s of %s: %w", first[attrSort], first[attrPartition], err)
}

func (s *Store) send(ctx context.Context, writes []write) error {
	if len(writes) == 1 {
		condition, values := writes[0].condition()
		_, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: &s.table, Item: writes[0].item.values(),
			ConditionExpression: condition, ExpressionAttributeValues: values,
		})
		return err
	}
	in := &dynamodb.TransactWriteItemsInput{}
	for _, w := range writes {
		condition, values := w.condition()
		if w.delete {
			in.TransactItems = append(in.TransactItems, types.TransactWriteItem{Delete: &types.Delete{
				TableName: &s.table, Key: w.item.values(),
			}})
			continue
		}
		in.TransactItems = append(in.TransactItems, types.TransactWriteItem{Put: &types.Put{
			TableName: &s.table, Item: w.item.values(),
			ConditionExpression: condition, ExpressionAttributeValues: values,
		}})
	}
	_, err := s.db.TransactWriteItems(ctx, in)
	return err
}

// conflicting says whether a transaction was cancelled because of other
// writers, which trying again from the start cures.
func conflicting(err *types.TransactionCanceledException) bool {
	for _, reason := range err.CancellationReasons {
		switch aws.ToString(reason.Code) {
		case "ConditionalCheckFailed", "TransactionConflict":
			return true
		}
	}
	return false
}
